// What each metric may lose. A budget file and flags change these numbers; nothing changes the method.

import type { CaseDType } from '../../run/case.js';
import type { DuetMetric } from '../duet/values.js';
import { DEFAULT_RULE, type GateRule } from '../sequential.js';

export interface Allowance {
  /** A slowdown that does not matter, as a fraction: FAIL needs evidence of more. */
  margin: number;
  /** PASS needs evidence of less. */
  budget: number;
}

export interface CellRules {
  metrics: Partial<Record<DuetMetric, Allowance>>;
  /** Largest relative L2 error of the outputs; null: outputs are not looked at. */
  accuracyLimit: number | null;
}

export interface GateMethod {
  looks: readonly number[];
  alpha: number;
  familyAlpha: number;
  passConfidence: number;
}

export const METHOD: GateMethod = {
  looks: DEFAULT_RULE.looks,
  alpha: DEFAULT_RULE.alpha,
  familyAlpha: 0.05,
  passConfidence: DEFAULT_RULE.passConfidence,
};

/** Loading and the first run happen once a process and scatter accordingly. */
export const ALLOWANCES: Record<DuetMetric, Allowance> = {
  latency: { margin: DEFAULT_RULE.margin, budget: DEFAULT_RULE.budget },
  throughput: { margin: DEFAULT_RULE.margin, budget: DEFAULT_RULE.budget },
  preprocess: { margin: DEFAULT_RULE.margin, budget: DEFAULT_RULE.budget },
  memory: { margin: 0.02, budget: 0.05 },
  'load-time': { margin: 0.05, budget: 0.25 },
  'first-run': { margin: 0.05, budget: 0.5 },
};

export const GATE_METRICS = [...(Object.keys(ALLOWANCES) as DuetMetric[]), 'accuracy'] as const;
export type GateMetric = (typeof GATE_METRICS)[number];

/** Of the outputs of two sides that should agree: what rounding of the type explains. */
const ACCURACY: Record<CaseDType, number> = { fp32: 1e-4, fp16: 3e-3, bf16: 2e-2, int8: 8e-2, int4: 0.45 };
const ACCURACY_OF_FILE = 1e-3;

/** @param dtypes of the two sides; null for files, which are what they are */
export function accuracyLimit(...dtypes: (CaseDType | null)[]): number {
  return Math.max(...dtypes.map((dtype) => (dtype === null ? ACCURACY_OF_FILE : ACCURACY[dtype])));
}

export function sequentialRule({ looks, alpha, passConfidence }: GateMethod, allowance: Allowance): GateRule {
  return { looks, alpha, passConfidence, ...allowance };
}
