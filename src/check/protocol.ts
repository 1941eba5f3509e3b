// What the parent and the worker that tries cells say to each other.

import type { CellChoice, Evidence } from '../matrix/cell.js';

export interface CheckRequest {
  folder: string;
  cell: CellChoice;
  limit: number;
  /** What an earlier check found: where it still holds, the cell is not tried again. */
  known: Found | null;
  ortLibrary: string | null;
  /** Plugins that --ep-library named. */
  providerLibraries: { name: string; path: string }[];
}

/** Evidence without what the parent knows. */
export type Found = Omit<Evidence, 'limit' | 'hfbench' | 'machine' | 'date'>;

export const NOTHING_FOUND: Found = {
  loads: null,
  runs: null,
  error: null,
  output: null,
  placement: null,
  problem: null,
  ortVersion: null,
  graphDigest: null,
  referenceDigest: null,
};

export type CheckAnswer = { fresh: true } | { found: Found };

export const PHASE_WORDS = { build: 'building the graph', load: 'loading it', run: 'running it' } as const;

export type ToParent =
  | { phase: keyof typeof PHASE_WORDS /** What is known so far, should the process die. */; found?: Found }
  | { answer: CheckAnswer };
