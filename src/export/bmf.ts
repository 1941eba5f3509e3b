import type { Exporter } from './exporter.js';
import { namedRows, numberIn } from './view/case-name.js';

/** Measures by Bencher's slugs; latency (ns) and throughput (operations a second) are built in there. */
const MEASURES: readonly [slug: string, column: string, low?: string, high?: string][] = [
  ['latency', 'latency_median_ns', 'latency_median_low_ns', 'latency_median_high_ns'],
  ['throughput', 'throughput_items_per_s'],
  ['load-time', 'load_time_ns'],
  ['first-run', 'first_run_ns'],
  ['peak-memory', 'peak_rss_bytes'],
];

/** Bencher Metric Format (https://bencher.dev/docs/reference/bencher-metric-format), for `bencher run --adapter json`. */
export const exporter: Exporter = {
  description: 'Bencher Metric Format, for bencher run --adapter json',
  extension: 'bmf.json',
  render(report) {
    const benchmarks = namedRows(report.records.map(({ row }) => row)).map(([name, row]) => {
      const measures = MEASURES.flatMap(([slug, column, low, high]) => {
        const value = numberIn(row, column);
        const bounds = [low, high].map((bound) => (bound === undefined ? null : numberIn(row, bound)));
        if (value === null) return [];
        const [lower_value, upper_value] = bounds;
        return [[slug, { value, ...(lower_value !== null && upper_value !== null && { lower_value, upper_value }) }]];
      });
      return [name, Object.fromEntries(measures)];
    });
    return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
  },
};
