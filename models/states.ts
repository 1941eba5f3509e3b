// What has become of every public name. Loads no page.

import type { Category } from './define.js';
import { PUBLIC_NAMES } from './names.js';
import { findModel, findUnavailable, MODELS, UNAVAILABLE } from './registry.js';

/**
 * page: the family's own name. alias: a checkpoint or spelling that a page builds under another name. closed: nothing public
 * exists. artefact: never was a model. missing: an architecture whose page is not written yet.
 */
export const STATES = ['page', 'alias', 'closed', 'artefact', 'missing'] as const;
export type State = (typeof STATES)[number];

export interface NameState {
  name: string;
  category: Category;
  state: State;
  /** An alias: the name of the same graph at the same size, or the page that builds it. */
  of: string | null;
  /** The page below models/, without ending; null where there is none. */
  page: string | null;
  parameters: number | null;
  checkpoint: string | null;
  /** Why there is no page; null where there is one. */
  why: string | null;
  /** What can be built and comes nearest; null where there is a page, or nothing near. */
  nearest: string | null;
}

const NO_PAGE = { of: null, page: null, parameters: null, checkpoint: null };

function stateOf(name: string, category: Category): NameState {
  const row = findModel(name);
  if (row) {
    const own = name === row.family;
    const { page, parameters, checkpoint } = row;
    const place = { category: row.category, page, parameters, checkpoint, why: null, nearest: null };
    return { name, ...place, state: own ? 'page' : 'alias', of: own ? null : (row.aliasOf ?? row.family) };
  }
  const gone = findUnavailable(name);
  if (gone) return { ...gone, ...NO_PAGE };
  return { name, category, state: 'missing', ...NO_PAGE, why: 'its page is not written yet', nearest: null };
}

/** Every name once, by category, pages before their aliases. */
export function nameStates(): NameState[] {
  const categories = new Map<string, Category>([
    ...UNAVAILABLE.map(({ name, category }) => [name, category] as const),
    ...Object.entries(PUBLIC_NAMES).flatMap(([category, names]) =>
      names.map((name) => [name, category as Category] as const),
    ),
    ...MODELS.map(({ name, category }) => [name, category] as const),
  ]);
  const order = ({ category, state, page, of, name }: NameState) =>
    [
      category,
      state === 'alias' || state === 'page' ? ` ${page} ${state === 'page' ? '' : `1${of}`}` : state,
      name,
    ].join(' ');
  return [...categories]
    .map(([name, category]) => stateOf(name, category))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
