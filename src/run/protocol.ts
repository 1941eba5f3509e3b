// What the parent and the worker of a case say to each other.

import type { Case } from './case.js';
import type { Outcome } from './outcome.js';
import type { RunSettings } from './settings.js';

/** In the order in which a case goes through them. */
export const PHASES = [
  'start',
  'build',
  'reference',
  'open',
  'first-run',
  'verify',
  'warm-up',
  'sample',
  'done',
] as const;
export type Phase = (typeof PHASES)[number];

export const PHASE_WORDS: Record<Phase, string> = {
  start: 'starting',
  build: 'building the graph',
  reference: 'computing the reference on the CPU',
  open: 'opening the session',
  'first-run': 'in its first run',
  verify: 'looking at where nodes ran and whether outputs are right',
  'warm-up': 'warming up',
  sample: 'sampling',
  done: 'finishing',
};

type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** An outcome without what only the parent knows. */
export type CaseResult = Without<Outcome, 'case' | 'environment' | 'startedAt'>;

export type MeasuredResult = Extract<CaseResult, { state: 'measured' }>;

/** All samples are taken. `proven`: the evidence is complete too; what is yet to come only adds to the result. */
export interface Measured {
  type: 'measured';
  result: MeasuredResult;
  proven: boolean;
}

export type ToWorker = { type: 'start'; case: Case; settings: RunSettings } | { type: 'cancel' };

export type FromWorker =
  | { type: 'progress'; phase: Phase /** Of the sampling bound nearest to its end, 0 to 1. */; fraction: number }
  | Measured
  | { type: 'finished'; result: CaseResult };
