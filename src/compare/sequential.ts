// The gate's decision. The unit of replication is a session (a fresh pair of processes), never an iteration: iterations of one
// process hang together, and treating them as independent calls most identical pairs different.
// Each session gives one value, the log of candidate over baseline; a t interval over sessions decides at planned looks.

import { studentCdf, studentQuantile } from './student.js';

export interface GateRule {
  /** Numbers of sessions at which a decision may fall, ascending. */
  looks: readonly number[];
  /** Chance of a false failure of one cell, split evenly over the looks. */
  alpha: number;
  /** A slowdown that does not matter, as a fraction: FAIL needs the lower bound above it. */
  margin: number;
  /** The largest slowdown that may pass: PASS needs the upper bound below it. */
  budget: number;
  /** Confidence of the upper bound that lets a cell pass, one-sided. */
  passConfidence: number;
}

export const DEFAULT_RULE: GateRule = {
  looks: [6, 12],
  alpha: 0.01,
  margin: 0.01,
  budget: 0.03,
  passConfidence: 0.975,
};

export type Verdict = 'pass' | 'fail' | 'inconclusive';

export interface Look {
  /** Undecided: more sessions are due. */
  verdict: Verdict | 'undecided';
  sessions: number;
  /** Candidate over baseline: the centre and its bounds (of FAIL below, of PASS above), e.g. 1.03. */
  ratio: number;
  lower: number;
  upper: number;
  /** One-sided p-value against "no slower than the margin", not yet multiplied for the number of looks. */
  pValue: number;
  /** The smallest true slowdown that would have failed with 80 % probability at the last look, as a fraction. */
  detectable: number;
}

const quantiles = new Map<string, number>();

/** A rule asks for the same few quantiles again and again. */
function quantile(p: number, freedom: number): number {
  const key = `${p} ${freedom}`;
  const known = quantiles.get(key) ?? studentQuantile(p, freedom);
  quantiles.set(key, known);
  return known;
}

interface Spread {
  mean: number;
  standardError: number;
  deviation: number;
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, deviation, standardError: deviation / Math.sqrt(values.length) };
}

/**
 * What the sessions so far say.
 * @param logRatios one value a session: ln(candidate / baseline) of a cost (for throughput the caller takes its reciprocal)
 * @throws RangeError for fewer than 2 sessions or values that are no numbers
 */
export function look(logRatios: readonly number[], rule: GateRule = DEFAULT_RULE): Look {
  const sessions = logRatios.length;
  if (sessions < 2) throw new RangeError('a decision needs at least 2 sessions');
  if (!logRatios.every(Number.isFinite)) throw new RangeError('every session must have a finite log-ratio');
  const { mean, standardError, deviation } = spreadOf(logRatios);
  const detectable = detectableEffect(deviation, rule);
  return judge({ mean, standardError, freedom: sessions - 1, sessions, detectable }, rule);
}

/**
 * What sessions of a candidate alone say against sessions that were recorded earlier: the t test of two samples with one
 * variance. A recording of one session is allowed: its scatter is taken to be the candidate's.
 * @param baseline ln of the cost of each recorded session @param candidate of each session now
 * @throws RangeError for fewer than 1 and 2 sessions or values that are no numbers
 */
export function lookAgainst(
  baseline: readonly number[],
  candidate: readonly number[],
  rule: GateRule = DEFAULT_RULE,
): Look {
  const [before, sessions] = [baseline.length, candidate.length];
  if (before < 1 || sessions < 2) throw new RangeError('a decision needs a recorded session and at least 2 of its own');
  if (![...baseline, ...candidate].every(Number.isFinite)) throw new RangeError('every session must have a finite log');
  const [a, b] = [spreadOf(baseline), spreadOf(candidate)];
  const freedom = before + sessions - 2;
  const squares = (before > 1 ? a.deviation ** 2 * (before - 1) : 0) + b.deviation ** 2 * (sessions - 1);
  const deviation = Math.sqrt(squares / freedom);
  const errorOf = (count: number): number => deviation * Math.sqrt(1 / before + 1 / count);
  const last = rule.looks.at(-1)!;
  const detectable = Math.expm1(Math.log1p(rule.margin) + stepsToDetect(before + last - 2, rule) * errorOf(last));
  const mean = b.mean - a.mean;
  return judge({ mean, standardError: errorOf(sessions), freedom, sessions, detectable }, rule);
}

interface Evidence {
  mean: number;
  standardError: number;
  freedom: number;
  sessions: number;
  detectable: number;
}

function judge({ mean, standardError, freedom, sessions, detectable }: Evidence, rule: GateRule): Look {
  const alphaOfLook = rule.alpha / rule.looks.length;
  const lower = mean - quantile(1 - alphaOfLook, freedom) * standardError;
  const upper = mean + quantile(rule.passConfidence, freedom) * standardError;
  const away = mean - Math.log1p(rule.margin);
  const pValue = standardError === 0 ? (away > 0 ? 0 : 1) : 1 - studentCdf(away / standardError, freedom);
  const result = {
    sessions,
    ratio: Math.exp(mean),
    lower: Math.exp(lower),
    upper: Math.exp(upper),
    pValue,
    detectable,
  };
  const last = sessions >= (rule.looks.at(-1) ?? 0);
  if (lower > Math.log1p(rule.margin)) return { ...result, verdict: 'fail' };
  if (upper < Math.log1p(rule.budget)) return { ...result, verdict: 'pass' };
  return { ...result, verdict: last ? 'inconclusive' : 'undecided' };
}

/** Standard errors between the margin and an effect that fails with 80 % probability: the usual approximation. */
function stepsToDetect(freedom: number, rule: GateRule): number {
  return quantile(1 - rule.alpha / rule.looks.length, freedom) + quantile(0.8, freedom);
}

/** The smallest slowdown that fails with 80 % probability at the last look, for sessions that scatter with this deviation. */
export function detectableEffect(deviation: number, rule: GateRule = DEFAULT_RULE): number {
  const sessions = rule.looks.at(-1)!;
  return Math.expm1(Math.log1p(rule.margin) + (stepsToDetect(sessions - 1, rule) * deviation) / Math.sqrt(sessions));
}
