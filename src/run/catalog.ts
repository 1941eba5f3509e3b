// What the planner has to know of the zoo's models, without loading their pages.

import type { RawKind } from '../../models/preprocess.js';

export interface CatalogEntry {
  /** Public name, e.g. 'bert' or 'bert_large'. */
  name: string;
  family: string;
  category: string;
  /** The name that stands for the same graph at the same size; null for that name itself. */
  aliasOf: string | null;
  /** Its sequence length at full size unless --seq says another; null where it has no such dimension. */
  defaultSeq: number | null;
  /** Kinds of raw input that its preprocessing takes. */
  raw: readonly RawKind[];
}

/** A name that people ask for and that cannot be built. */
export interface UnavailableEntry {
  name: string;
  why: string;
  /** The name of the nearest open architecture. */
  nearest: string | null;
}

export interface Catalog {
  models: readonly CatalogEntry[];
  unavailable: readonly UnavailableEntry[];
}

/** One line: why a name cannot be built, and what comes nearest. */
export function refusal({ name, why, nearest }: UnavailableEntry): string {
  const advice = nearest === null ? '' : `; the nearest open architecture is '${nearest}'`;
  return `model '${name}' cannot be built: ${why}${advice}`;
}
