// Badges: what a report says in two words and a colour.

import { columnNamed } from '../../record/columns.js';
import type { GateReport } from '../../record/gate.js';
import type { Report, Row } from '../../record/record.js';
import { UsageError } from '../../util/error.js';
import { oneLine } from '../../util/one-line.js';
import { caseName } from '../view/case-name.js';
import { cellText } from '../view/cell-text.js';

export const BADGE_KINDS = ['status', 'metric', 'coverage'] as const;
export type BadgeKind = (typeof BADGE_KINDS)[number];

/** Names of shields.io, which knows them; the SVG has its own shades of them. */
export type BadgeColor = 'brightgreen' | 'yellow' | 'orange' | 'red' | 'blue' | 'lightgrey';

export interface Badge {
  label: string;
  message: string;
  color: BadgeColor;
}

const VERDICTS: Record<GateReport['verdict'], [message: string, color: BadgeColor]> = {
  pass: ['no regression', 'brightgreen'],
  fail: ['regression', 'red'],
  inconclusive: ['inconclusive', 'yellow'],
  'not-compared': ['not compared', 'lightgrey'],
};

/** The verdict of a gate. */
export function gateBadge({ verdict, advisory }: Pick<GateReport, 'verdict' | 'advisory'>): Badge {
  const [message, color] = VERDICTS[verdict];
  // Advice is no verdict: it never turns green.
  return {
    label: 'performance',
    message: advisory ? `${message} (advisory)` : message,
    color: advisory ? 'lightgrey' : color,
  };
}

const some = (rows: readonly Row[], ...states: string[]): number =>
  rows.filter(({ status }) => states.includes(String(status))).length;

/** Whether every case that can exist was measured. */
export function statusBadge({ records }: Pick<Report, 'records'>): Badge {
  const rows = records.map(({ row }) => row);
  const [failed, measured] = [some(rows, 'failed', 'skipped'), some(rows, 'measured')];
  if (measured + failed === 0) return { label: 'hfbench', message: 'nothing measured', color: 'lightgrey' };
  if (failed > 0) return { label: 'hfbench', message: `${failed} of ${measured + failed} not measured`, color: 'red' };
  return { label: 'hfbench', message: `${measured} measured`, color: 'brightgreen' };
}

/** Share of the cases that were measured; those that cannot exist count as not covered. */
export function coverageBadge({ records }: Pick<Report, 'records'>): Badge {
  const rows = records.map(({ row }) => row);
  const label = 'cases covered';
  if (rows.length === 0) return { label, message: 'none', color: 'lightgrey' };
  const share = some(rows, 'measured') / rows.length;
  const color = share >= 0.95 ? 'brightgreen' : share >= 0.75 ? 'yellow' : share >= 0.5 ? 'orange' : 'red';
  // Rounded down: 100 % is all of them.
  return { label, message: `${Math.floor(share * 100)} %`, color };
}

/** @param model part of the case's name; null where the report has one measured case @throws UsageError where it fits none or several */
export function metricBadge({ records }: Pick<Report, 'records'>, metric: string, model: string | null): Badge {
  const column = columnNamed(metric);
  if (column.group !== 'metric')
    throw new UsageError(`--metric ${metric}: is no metric; choose e.g. latency_median_ns`);
  const rows = records.map(({ row }) => row).filter(({ status }) => status === 'measured');
  const fitting = rows.filter((row) => model === null || caseName(row).includes(model));
  if (fitting.length !== 1) {
    const names = (fitting.length > 0 ? fitting : rows).slice(0, 5).map(caseName).join('; ');
    const which = model === null ? '' : ` '${model}'`;
    throw new UsageError(
      `--case${which}: fits ${fitting.length} measured cases, one is needed; there are: ${names || 'none'}`,
    );
  }
  const row = fitting[0]!;
  const title = metric.replace(/_(ns|bytes|per_s)$/, '').replaceAll('_', ' ');
  return { label: oneLine(`${row.model} ${title}`, 60), message: cellText(column, row[metric]!), color: 'blue' };
}
