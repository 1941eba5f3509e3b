// Finding a model by its public name, without loading its page.

import type { Category, Page } from './define.js';
import { MODELS } from './index.js';
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
  /** Path of the page below models/, without ending. */
  page: string;
}

export { MODELS, UNAVAILABLE };

export const findModel = (name: string): ModelRow | undefined => MODELS.find((row) => row.name === name);
export const findUnavailable = (name: string): Unavailable | undefined => UNAVAILABLE.find((row) => row.name === name);

/** Loads the page of a row. */
export async function loadPage(row: Pick<ModelRow, 'page'>): Promise<Page<Record<string, unknown>>> {
  return (await import(new URL(`./${row.page}.js`, import.meta.url).href)).default;
}
