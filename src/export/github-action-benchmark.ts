import type { Exporter } from './exporter.js';
import { namedRows, numberIn } from './view/case-name.js';

const METRICS: readonly [title: string, column: string, unit: string, per: number][] = [
  ['latency', 'latency_median_ns', 'ms', 1e6],
  ['load time', 'load_time_ns', 'ms', 1e6],
  ['peak memory', 'peak_rss_bytes', 'MiB', 2 ** 20],
];

/** github-action-benchmark (benchmark-action/github-action-benchmark) with `tool: customSmallerIsBetter`. */
export const exporter: Exporter = {
  description: 'github-action-benchmark, tool customSmallerIsBetter',
  extension: 'benchmark.json',
  render(report) {
    const entries = namedRows(report.records.map(({ row }) => row)).flatMap(([name, row]) =>
      METRICS.flatMap(([title, column, unit, per]) => {
        const value = numberIn(row, column);
        if (value === null) return [];
        const [low, high] = ['latency_median_low_ns', 'latency_median_high_ns'].map((bound) => numberIn(row, bound));
        const known = column === 'latency_median_ns' && low !== null && high !== null;
        const range = known ? { range: `± ${(((high! - low!) / 2 / value) * 100).toFixed(1)} %` } : {};
        const samples = column === 'latency_median_ns' ? { extra: `${row.samples} samples` } : {};
        return [{ name: `${name}: ${title}`, unit, value: Number((value / per).toPrecision(9)), ...range, ...samples }];
      }),
    );
    return `${JSON.stringify(entries, null, 2)}\n`;
  },
};
