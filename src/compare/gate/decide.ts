// From sessions to verdicts. A row is one metric of one cell; all rows of a gate are one family.

import { type DuetCell, type MeasuredSession, measuredSessions } from '../../record/duet.js';
import type { GateRow, GateVerdict } from '../../record/gate.js';
import { EXIT } from '../../util/error.js';
import { type DuetMetric, sessionLogRatio, typicalValue } from '../duet/values.js';
import { holm } from '../holm.js';
import { type Look, look, lookAgainst } from '../sequential.js';
import { type Allowance, type CellRules, type GateMethod, sequentialRule } from './rules.js';

/** Evidence of one row: a look at its first `count` sessions; null where the metric is unknown. */
type LookAt = (count: number) => Look | null;

/**
 * The first planned look that decides, or the last one that was reached. A failure that would not survive the correction for so
 * many rows goes on: more sessions may show it beyond doubt.
 */
function decisive(lookAt: LookAt, reached: number, method: GateMethod, rows: number): Look | null {
  let last: Look | null = null;
  for (const count of method.looks.filter((planned) => planned <= reached)) {
    const found = lookAt(count);
    if (found === null) return null;
    last = found;
    if (found.verdict === 'pass') return found;
    if (found.verdict === 'fail' && found.pValue * method.looks.length <= method.familyAlpha / rows) return found;
  }
  return last;
}

const isFinal = (found: Look | null, method: GateMethod, rows: number): boolean =>
  found === null ||
  found.verdict === 'pass' ||
  found.verdict === 'inconclusive' ||
  (found.verdict === 'fail' &&
    (found.sessions >= method.looks.at(-1)! || found.pValue * method.looks.length <= method.familyAlpha / rows));

function evidence(
  sessions: readonly MeasuredSession[],
  metric: DuetMetric,
  allowance: Allowance,
  method: GateMethod,
): LookAt {
  const logs = sessions.map((session) => sessionLogRatio(session, metric));
  return (count) => {
    const some = logs.slice(0, count);
    return some.includes(null) ? null : look(some as number[], sequentialRule(method, allowance));
  };
}

const metricsOf = (rules: CellRules): [DuetMetric, Allowance][] =>
  Object.entries(rules.metrics) as [DuetMetric, Allowance][];

/** Whether every metric of a cell is decided, so that no further session is due. @param rows of the whole gate */
export function isDecided(cell: DuetCell, rules: CellRules, method: GateMethod, rows: number): boolean {
  const sessions = measuredSessions(cell);
  if (sessions.length < method.looks[0]!) return false;
  return metricsOf(rules).every(([metric, allowance]) =>
    isFinal(decisive(evidence(sessions, metric, allowance, method), sessions.length, method, rows), method, rows),
  );
}

/** What ended a cell early. */
export interface Trouble {
  verdict: GateVerdict;
  reason: string;
}

export interface CellToJudge {
  cell: DuetCell;
  rules: CellRules;
  trouble: Trouble | null;
}

type Values = Pick<GateRow, 'cell' | 'metric' | 'a' | 'b' | 'margin' | 'budget'>;

const NO_NUMBERS = { ratio: null, lower: null, upper: null, pValue: null, adjustedP: null, detectable: null };

/** A row from its decisive look; Holm's correction comes when all rows are there. */
export function rowOf(
  values: Values,
  found: Look | null,
  looks: number,
  trouble: Trouble | null,
  sessions: number,
): GateRow {
  if (found === null) {
    const { verdict, reason } = trouble ?? { verdict: 'inconclusive', reason: 'this metric is unknown here' };
    return { ...values, ...NO_NUMBERS, verdict, reason, sessions };
  }
  const { ratio, lower, upper, detectable, pValue } = found;
  const numbers = { ratio, lower, upper, detectable, sessions: found.sessions };
  const corrected = { pValue: Math.min(1, pValue * looks), adjustedP: null };
  // A regression that is already shown stays one, whatever ended the cell.
  if (trouble !== null && found.verdict !== 'fail') return { ...values, ...numbers, ...corrected, ...trouble };
  if (found.verdict !== 'undecided')
    return { ...values, ...numbers, ...corrected, verdict: found.verdict, reason: null };
  return { ...values, ...numbers, ...corrected, verdict: 'inconclusive', reason: 'ended before the last look' };
}

function speedRows({ cell, rules, trouble }: CellToJudge, method: GateMethod, rows: number): GateRow[] {
  const sessions = measuredSessions(cell);
  return metricsOf(rules).map(([metric, allowance]) => {
    const typical = (side: 'a' | 'b') => typicalValue(sessions, side, metric, cell[side].case.batch);
    const values = { cell: cell.label, metric, a: typical('a'), b: typical('b'), ...allowance };
    const found = decisive(evidence(sessions, metric, allowance, method), sessions.length, method, rows);
    return rowOf(values, found, method.looks.length, trouble, sessions.length);
  });
}

/** Outputs are the same in every session or they are not: no statistics, the worst counts. */
function accuracyRow({ cell, rules, trouble }: CellToJudge): GateRow[] {
  const limit = rules.accuracyLimit;
  if (limit === null) return [];
  const sessions = measuredSessions(cell);
  const found = sessions.map(({ outputs }) => outputs);
  const base = { cell: cell.label, metric: 'accuracy', ...NO_NUMBERS, a: null, sessions: sessions.length };
  const bounds = { margin: limit, budget: limit };
  if (found.length === 0) {
    const why = trouble ?? { verdict: 'inconclusive' as const, reason: 'no session was measured' };
    return [{ ...base, ...bounds, b: null, ...why }];
  }
  const wrong = found.find((one) => one.wrong);
  if (wrong) return [{ ...base, ...bounds, b: null, verdict: 'fail', reason: wrong.problem }];
  const unknown = found.find(({ relativeL2 }) => relativeL2 === null);
  if (unknown) return [{ ...base, ...bounds, b: null, verdict: 'inconclusive', reason: unknown.problem }];
  const worst = found.reduce((x, y) => (y.relativeL2! > x.relativeL2! ? y : x));
  const b = worst.relativeL2!;
  if (b > limit) {
    const reason = `output '${worst.output}' differs by ${b.toExponential(1)} (relative L2), more than ${limit.toExponential(0)}`;
    return [{ ...base, ...bounds, b, verdict: 'fail', reason }];
  }
  // What the sessions so far computed is right; a cell that broke off has no pass all the same.
  return [{ ...base, ...bounds, b, ...(trouble ?? { verdict: 'pass', reason: null }) }];
}

/** Failures that Holm's correction over all rows does not bear out are inconclusive. */
export function corrected(rows: readonly GateRow[], familyAlpha: number): GateRow[] {
  const tested = rows.filter(({ pValue }) => pValue !== null);
  const adjusted = new Map(holm(tested.map(({ pValue }) => pValue!)).map((p, index) => [tested[index], p]));
  return rows.map((row) => {
    const adjustedP = adjusted.get(row) ?? null;
    if (row.verdict !== 'fail' || adjustedP === null || adjustedP <= familyAlpha) return { ...row, adjustedP };
    const reason = `slower on its own (p ${row.pValue!.toExponential(1)}), but among ${tested.length} rows chance may do that (p ${adjustedP.toExponential(1)})`;
    return { ...row, adjustedP, verdict: 'inconclusive', reason };
  });
}

/** Rows with a p-value that a gate over these cells has at most. */
export function familySize(cells: readonly Pick<CellToJudge, 'rules'>[]): number {
  return Math.max(
    1,
    cells.reduce((sum, { rules }) => sum + Object.keys(rules.metrics).length, 0),
  );
}

export function judgeCells(cells: readonly CellToJudge[], method: GateMethod): GateRow[] {
  const rows = familySize(cells);
  return corrected(
    cells.flatMap((cell) => [...speedRows(cell, method, rows), ...accuracyRow(cell)]),
    method.familyAlpha,
  );
}

/** Sessions of the candidate alone against recorded ones: ln of the cost of each. */
export function recordedLook(
  baseline: readonly number[],
  candidate: readonly number[],
  allowance: Allowance,
  method: GateMethod,
  rows: number,
): Look | null {
  const rule = sequentialRule(method, allowance);
  const lookAt: LookAt = (count) => lookAgainst(baseline, candidate.slice(0, count), rule);
  return baseline.length === 0 ? null : decisive(lookAt, candidate.length, method, rows);
}

export const isFinalLook = isFinal;

/** One regression decides; then what could not be compared at all; a pass needs every row. */
export function overall(rows: readonly GateRow[]): GateVerdict {
  for (const verdict of ['fail', 'not-compared', 'inconclusive'] as const)
    if (rows.some((row) => row.verdict === verdict)) return verdict;
  return rows.length === 0 ? 'not-compared' : 'pass';
}

export function exitCodeOf(verdict: GateVerdict, advisory: boolean): number {
  if (verdict === 'not-compared') return EXIT.usage;
  if (advisory) return EXIT.inconclusive;
  return { pass: EXIT.ok, fail: EXIT.regression, inconclusive: EXIT.inconclusive }[verdict];
}
