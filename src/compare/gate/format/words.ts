// A gate's rows in words: what all forms of its report share.

import { cellText } from '../../../export/view/cell-text.js';
import type { Calibration, GateReport, GateRow, GateVerdict } from '../../../record/gate.js';
import { formatPercent } from '../../../util/number-format.js';
import { oneLine } from '../../../util/one-line.js';
import { sidesText } from '../../duet/format.js';
import { type DuetMetric, MEASURES } from '../../duet/values.js';

export const VERDICT_WORDS: Record<GateVerdict, string> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  'not-compared': 'not compared',
};

/** A ratio as a signed change: 1.031 is '+3.1 %'. */
export function changeText(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return '-';
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 2 : Math.abs(percent) < 100 ? 1 : 0;
  const text = percent.toFixed(digits);
  return `${percent >= 0 ? '+' : ''}${text.replace(/^-(0(\.0+)?)$/, '$1')} %`;
}

export function valueText(metric: string, value: number | null): string {
  if (value === null) return '-';
  if (metric === 'accuracy') return value === 0 ? 'equal' : value.toExponential(1);
  return cellText(MEASURES[metric as DuetMetric], value);
}

export const HEAD = [
  ...['case', 'metric', 'baseline', 'candidate', 'change', 'at least', 'at most'],
  ...['sessions', 'detectable', 'verdict'],
];
export const NUMBERS = [2, 3, 4, 5, 6, 7, 8];

export function cellsOf(row: GateRow, previous: GateRow | undefined): string[] {
  const { cell, metric, a, b, ratio, lower, upper, sessions, detectable, verdict } = row;
  return [
    previous?.cell === cell ? '' : oneLine(cell, 60),
    metric,
    valueText(metric, a),
    valueText(metric, b),
    ...[ratio, lower, upper].map(changeText),
    String(sessions),
    detectable === null ? '-' : changeText(1 + detectable),
    VERDICT_WORDS[verdict],
  ];
}

/** One line for a row that is no pass. @param metrics of the rows that it speaks for */
export function reasonOf(row: GateRow, metrics = row.metric): string {
  const { cell, ratio, lower, upper, margin, budget, verdict, reason, sessions } = row;
  const what = `${oneLine(cell, 80)}, ${metrics}`;
  if (reason !== null) return oneLine(`${what}: ${reason}`);
  const bounds = `${changeText(ratio)} (at least ${changeText(lower)}, at most ${changeText(upper)}) over ${sessions} sessions`;
  if (verdict === 'fail') return `${what}: ${bounds}, more than the margin of ${formatPercent(margin, 2)}`;
  return `${what}: ${bounds}: neither above the margin of ${formatPercent(margin, 2)} nor below the budget of ${formatPercent(budget, 2)}`;
}

/** Rows that are no pass, those of a cell with the same reason in one line. */
export function problems(rows: readonly GateRow[]): { verdict: GateVerdict; text: string }[] {
  const groups = new Map<string, GateRow[]>();
  for (const row of rows.filter(({ verdict }) => verdict !== 'pass')) {
    const key = row.reason === null ? `${row.cell}\0${row.metric}` : `${row.cell}\0\0${row.verdict}\0${row.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((some) => ({
    verdict: some[0]!.verdict,
    text: reasonOf(some[0]!, some.map(({ metric }) => metric).join(', ')),
  }));
}

export function headline({ verdict, rows, exitCode, advisory }: GateReport): string {
  const counts = (['fail', 'not-compared', 'inconclusive', 'pass'] as const)
    .map((kind) => [rows.filter((row) => row.verdict === kind).length, VERDICT_WORDS[kind]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const advice = advisory ? ', advisory only' : '';
  return `verdict: ${VERDICT_WORDS[verdict]}${advice} (${counts.join(', ') || 'nothing was compared'}; exit code ${exitCode})`;
}

export function calibrationText(calibration: Calibration | null): string {
  if (calibration === null)
    return 'this host is not calibrated: `hfbench gate --calibrate` finds its noise and false alarms';
  const { verdicts, falseAlarmBound, deviation, detectable, createdAt, cell, sessions } = calibration;
  const all = verdicts.pass + verdicts.fail + verdicts.inconclusive;
  return [
    `this host against itself on ${createdAt.slice(0, 10)} (${oneLine(cell, 60)}, ${sessions} sessions):`,
    `${verdicts.fail} false failures in ${all} verdicts (at most ${formatPercent(falseAlarmBound, 2)}),`,
    `${verdicts.inconclusive} inconclusive, noise ${formatPercent(deviation, 2)}, detectable ${changeText(1 + detectable)}`,
  ].join(' ');
}

export function methodText({ rule }: GateReport): string {
  const { looks, alpha, familyAlpha } = rule;
  return `looks at ${looks.join(', ')} sessions; change and bounds are of the cost, + is worse; false failures: ${formatPercent(alpha, 2)} a row, ${formatPercent(familyAlpha, 2)} of all (Holm); detectable: failed 8 times in 10`;
}

/** Lines below the table and its problems. */
export function below(report: GateReport): string[] {
  const { notes, calibration, duet } = report;
  return [
    ...notes.map((text) => oneLine(text)),
    calibrationText(calibration),
    ...(duet ? [`seed ${duet.seed}`] : []),
    methodText(report),
  ];
}

export const above = ({ duet }: GateReport): string[] =>
  duet === null ? [] : sidesText(duet.cells).map((text, index) => `${index === 0 ? 'baseline' : 'candidate'} ${text}`);
