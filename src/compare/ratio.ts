// The ratio of a metric of two records, with the error that can be known from two single runs.

import type { ReportRecord } from '../record/record.js';

export interface Ratio {
  ratio: number;
  low: number | null;
  high: number | null;
}

/** Metrics that follow from the median latency and share its interval; throughput is its reciprocal. */
const OF_MEDIAN: Record<string, 1 | -1> = { latency_median_ns: 1, throughput_items_per_s: -1 };

/** Relative half width, on the logarithm, of the interval of a record's median; null where it has none. */
function spread({ row }: ReportRecord): number | null {
  const [low, high] = [row.latency_median_low_ns, row.latency_median_high_ns];
  if (typeof low !== 'number' || typeof high !== 'number' || low <= 0 || high < low) return null;
  return Math.log(high / low) / 2;
}

/**
 * `record` over `baseline`. The bounds add the two runs' intervals in quadrature; they hold the noise within the runs alone:
 * two processes of the same program differ by more, which only repeated sessions can tell (`hfbench gate`).
 */
export function logRatio(record: ReportRecord, baseline: ReportRecord, metric: string): Ratio | null {
  const [value, reference] = [record.row[metric], baseline.row[metric]];
  if (typeof value !== 'number' || typeof reference !== 'number' || !(value > 0) || !(reference > 0)) return null;
  const centre = Math.log(value / reference);
  const [a, b] = metric in OF_MEDIAN ? [spread(record), spread(baseline)] : [null, null];
  if (a === null || b === null) return { ratio: Math.exp(centre), low: null, high: null };
  const half = Math.hypot(a, b);
  return { ratio: Math.exp(centre), low: Math.exp(centre - half), high: Math.exp(centre + half) };
}
