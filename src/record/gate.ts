// What a gate decided: one row for each cell and metric, with all that the decision rests on.

import type { DuetReport } from './duet.js';

export type GateVerdict = 'pass' | 'fail' | 'inconclusive' | 'not-compared';

export interface GateRow {
  cell: string;
  metric: string;
  verdict: GateVerdict;
  /** Why there is no pass, in words; null where the numbers say it. */
  reason: string | null;
  /** Typical values of baseline and candidate in the metric's unit. */
  a: number | null;
  b: number | null;
  /** Candidate over baseline of the cost: above 1 is worse. Bounds: that of FAIL below, that of PASS above. */
  ratio: number | null;
  lower: number | null;
  upper: number | null;
  sessions: number;
  /** Corrected for the number of looks, then (Holm) for the number of rows. */
  pValue: number | null;
  adjustedP: number | null;
  /** Smallest slowdown that fails with 80 % probability at the last look. */
  detectable: number | null;
  margin: number;
  budget: number;
}

export interface GateRuleFacts {
  looks: number[];
  /** Chance of a false failure of one row, split evenly over the looks. */
  alpha: number;
  /** Chance of any false failure over all rows (Holm). */
  familyAlpha: number;
  passConfidence: number;
}

/** What `--calibrate` found on a host: A against itself. */
export interface Calibration {
  schema: 'hfbench-calibration';
  version: 1;
  fingerprint: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  cell: string;
  sessions: number;
  /** Standard deviation between sessions: of ln(B / A), and of ln of one side alone. */
  deviation: number;
  sideDeviation: number;
  /** Smallest slowdown that fails with 80 % probability at the last look. */
  detectable: number;
  verdicts: { pass: number; fail: number; inconclusive: number };
  /** Upper bound, 95 %, of the chance of a false failure, from those verdicts. */
  falseAlarmBound: number;
  /** Share of failures when these sessions are drawn again and again, with random labels. */
  resampledFalseAlarms: number;
}

export interface GateReport {
  schema: 'hfbench-gate';
  version: 1;
  /** ISO 8601, UTC. */
  createdAt: string;
  hfbench: string;
  command: string[];
  mode: 'live' | 'recorded';
  /** The verdicts are advice: the baseline is a recording, and the noise of this host is not known to be below 1 %. */
  advisory: boolean;
  verdict: GateVerdict;
  exitCode: number;
  rule: GateRuleFacts;
  rows: GateRow[];
  calibration: Calibration | null;
  notes: string[];
  /** Every session; null where the baseline is a recording. */
  duet: DuetReport | null;
}
