// A cell of the compatibility matrix: one model on one provider at one dtype, with the evidence for its level.

import type { CaseDType } from '../run/case.js';

/** From best to worst; the words that reports, filters and tables use. */
export const LEVELS = ['full', 'partial', 'wrong', 'failed', 'unsupported', 'not tried'] as const;
export type Level = (typeof LEVELS)[number];

/** What each level means: the help, the documentation and the HTML page show these words. */
export const CRITERIA: Record<Level, string> = {
  full: 'loads, runs, every output is within the limit, and every node is on the provider',
  partial:
    'loads, runs, every output is within the limit; some nodes are elsewhere, or the library cannot say where they are',
  wrong: 'loads and runs, but an output is beyond the limit, not finite, or of another shape',
  failed:
    'does not load, does not run, kills the process, does not answer in time, or runs with no node on the provider',
  unsupported:
    'cannot be asked for: the library lacks the provider or a kernel, or the model has nothing to store at this dtype',
  'not tried': 'there is no cell',
};

export interface CellChoice {
  /** Name of the reference that the model was held against. */
  model: string;
  family: string;
  category: string;
  provider: string;
  providerOptions: Record<string, string>;
  dtype: CaseDType;
  style: 'standard' | 'fused';
  /** References are of small configurations. */
  size: 'tiny';
}

export interface Placement {
  nodes: number;
  onProvider: number;
  /** Operators of the nodes that are elsewhere, the most frequent first. */
  elsewhere: { operator: string; count: number }[];
}

export interface Problem {
  /** Stable kebab-case word, e.g. 'wrong-output', 'crash', 'timeout', 'ort-error', 'provider'. */
  code: string;
  /** One line for a person. */
  message: string;
}

export interface Evidence {
  loads: boolean | null;
  runs: boolean | null;
  /** Largest relative L2 error of an output, and which; null where nothing was compared or the error is not finite. */
  error: number | null;
  output: string | null;
  /** What `error` must not exceed. */
  limit: number;
  placement: Placement | null;
  problem: Problem | null;
  ortVersion: string | null;
  hfbench: string;
  /** Digests of the graph and of the reference: a cell of others is stale. */
  graphDigest: string | null;
  referenceDigest: string | null;
  /** Operating system and CPU, e.g. 'linux x64, Intel(R) Xeon(R)'. */
  machine: string;
  /** ISO 8601, UTC. */
  date: string;
}

export interface Cell extends CellChoice, Evidence {
  level: Exclude<Level, 'not tried'>;
}

/** The level that evidence makes. */
export function levelOf({ loads, runs, error, limit, problem, placement }: Evidence): Cell['level'] {
  if (problem?.code === 'wrong-output' || (error !== null && error > limit)) return 'wrong';
  if (problem && UNSUPPORTED.has(problem.code)) return 'unsupported';
  if (problem || !loads || !runs || error === null || placement?.onProvider === 0) return 'failed';
  return placement && placement.onProvider === placement.nodes ? 'full' : 'partial';
}

/** Codes of what cannot be asked for. */
const UNSUPPORTED = new Set(['provider', 'dtype', 'operator']);

/** What a cell is about: equal keys name the same cell of a matrix. */
export function cellKey({ model, provider, providerOptions, dtype, style, size }: CellChoice): string {
  return JSON.stringify([model, providerLabel({ provider, providerOptions }), dtype, style, size]);
}

/** 'cuda', or with its options 'cuda:device_id=1,tunable_op=1', sorted by key. */
export function providerLabel({ provider, providerOptions }: Pick<CellChoice, 'provider' | 'providerOptions'>): string {
  const pairs = Object.entries(providerOptions).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? provider : `${provider}:${pairs.map(([key, value]) => `${key}=${value}`).join(',')}`;
}

/** Why a cell is what it is, in one line; empty for a full one. */
export function reasonOf({ problem, placement, provider }: Cell): string {
  if (problem) return problem.message;
  if (placement?.onProvider === 0) return `no node ran on ${provider}`;
  if (!placement) return 'the library cannot say which nodes are on the provider';
  if (placement.onProvider === placement.nodes) return '';
  const most = placement.elsewhere.slice(0, 6).map(({ operator, count }) => `${operator} ${count}`);
  const more = placement.elsewhere.length > most.length ? ', ...' : '';
  return `${placement.onProvider} of ${placement.nodes} nodes on ${provider}; elsewhere: ${most.join(', ')}${more}`;
}

export interface CheckReport {
  schema: 'hfbench-check';
  version: 1;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Version of hfbench that wrote the file; each cell says which one tried it. */
  hfbench: string;
  command: string[];
  cells: Cell[];
}
