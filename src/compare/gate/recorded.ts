// A report as the baseline of a gate: the records of a case, as the cost of each.

import type { ReportRecord, Row } from '../../record/record.js';
import { type DuetMetric, MEASURES } from '../duet/values.js';

export const METRIC_COLUMNS: Record<DuetMetric, string> = {
  latency: 'latency_median_ns',
  throughput: 'throughput_items_per_s',
  preprocess: 'preprocess_ns',
  'load-time': 'session_create_ns',
  'first-run': 'first_run_ns',
  memory: 'peak_rss_bytes',
};

/** What a case is, with all that it is measured with. */
const SAME = [
  ...['model', 'size', 'dtype', 'style', 'batch', 'seq', 'provider', 'provider_options'],
  ...['runtime', 'scenario', 'threads'],
];

/** What must agree besides, or a number says nothing of the other. */
const MUST_AGREE = ['graph_digest', 'clock', 'streams'];

export type Baseline = { records: ReportRecord[] } | { problem: string };

/** The measured records of the case of `row`, which the candidate has just measured. */
export function baselineOf(records: readonly ReportRecord[], row: Row): Baseline {
  const same = records.filter((record) => SAME.every((name) => (record.row[name] ?? null) === (row[name] ?? null)));
  if (same.length === 0) return { problem: 'the baseline has no such case' };
  const measured = same.filter(({ row: { status } }) => status === 'measured');
  if (measured.length === 0)
    return { problem: `the baseline did not measure it: ${same[0]!.row.reason_text ?? same[0]!.row.status}` };
  for (const name of MUST_AGREE) {
    const other = measured.find((record) => (record.row[name] ?? null) !== (row[name] ?? null));
    if (other) return { problem: `${name} differs (baseline: ${other.row[name]}, now: ${row[name]})` };
  }
  return { records: measured };
}

/** ln of the cost of each row, for those that know it. */
export function logCosts(rows: readonly Row[], metric: DuetMetric): number[] {
  const sign = MEASURES[metric].better === 'lower' ? 1 : -1;
  return rows.flatMap((row) => {
    const value = row[METRIC_COLUMNS[metric]];
    return typeof value === 'number' && value > 0 && Number.isFinite(value) ? [sign * Math.log(value)] : [];
  });
}
