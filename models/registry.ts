// Finding a model by its public name, without loading its page.

import type { GraphOptions } from '../src/graph/index.js';
import type { Category, Page } from './define.js';
import { MODELS, PAGES } from './index.js';
import type { RawKind } from './preprocess.js';
import { UNAVAILABLE, type Unavailable } from './unavailable.js';

/** What `hfbench models` lists: a variant row and where its page is. */
export interface ModelRow {
  name: string;
  family: string;
  category: Category;
  task: string;
  checkpoint: string | null;
  parameters: number;
  /** The row that is the same graph at the same size. */
  aliasOf: string | null;
  /** Names of the symbolic dimensions of the inputs. */
  dimensions: readonly string[];
  /** The page's own default for 'seq', e.g. where the model has only so many positions; null: the run's. */
  seq: number | null;
  /** Kinds of raw input that its preprocessing takes. */
  raw: readonly RawKind[];
  /** Path of the page below models/, without ending. */
  page: string;
}

/** A page as its checkpoints name it. */
export interface PageRow {
  page: string;
  family: string;
  modelTypes: readonly string[];
  architectures: readonly string[];
  forms: readonly GraphOptions['form'][];
}

export { MODELS, PAGES, UNAVAILABLE };

/**
 * The page that builds a checkpoint, by the model_type and architectures of its config.json.
 * A checkpoint of another class of the same type (the bare model, say) gets the type's first page.
 */
export function pageForCheckpoint(modelType: string, architectures: readonly string[] = []): PageRow | undefined {
  const ofType = PAGES.filter((row) => row.modelTypes.includes(modelType));
  return ofType.find((row) => row.architectures.some((name) => architectures.includes(name))) ?? ofType[0];
}

export const findModel = (name: string): ModelRow | undefined => MODELS.find((row) => row.name === name);
export const findUnavailable = (name: string): Unavailable | undefined => UNAVAILABLE.find((row) => row.name === name);

/** Loads the page of a row. */
export async function loadPage(row: Pick<ModelRow, 'page'>): Promise<Page<Record<string, unknown>>> {
  return (await import(new URL(`./${row.page}.js`, import.meta.url).href)).default;
}
