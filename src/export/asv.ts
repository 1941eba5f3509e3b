import type { Exporter } from './exporter.js';
import { namedRows, numberIn } from './view/case-name.js';

const BENCHMARKS: readonly [suffix: string, column: string, per: number][] = [
  ['time_latency', 'latency_median_ns', 1e9],
  ['time_load', 'load_time_ns', 1e9],
  ['peakmem', 'peak_rss_bytes', 1],
];

/** The words of a name as asv writes them: it takes dots for modules. */
const word = (text: string): string => text.replace(/[^\w-]+/g, '_');

/**
 * A results file of asv (airspeed velocity, asv/results.py, version 2): seconds and bytes. It belongs into
 * results/<machine>/<commit>-<environment>.json; the benchmarks.json beside it is asv's own.
 */
export const exporter: Exporter = {
  description: 'a results file of asv (airspeed velocity)',
  extension: 'asv.json',
  render(report) {
    const environment = report.environments[0];
    const commit = environment?.gitCommit?.replace(/-dirty$/, '') ?? null;
    const startedMs = Date.parse(report.createdAt) || 0;
    const results = namedRows(report.records.map(({ row }) => row)).flatMap(([name, row]) =>
      BENCHMARKS.flatMap(([suffix, column, per]) => {
        const value = numberIn(row, column);
        const version = typeof row.graph_digest === 'string' ? row.graph_digest : null;
        return value === null ? [] : [[`${word(name)}.${suffix}`, [[value / per], [], version, startedMs]]];
      }),
    );
    const file = {
      commit_hash: commit,
      env_name: `hfbench-${word(report.hfbench)}`,
      date: startedMs,
      params: {
        machine: environment?.fingerprint ?? 'unknown',
        arch: environment?.cpu.architecture ?? '',
        cpu: environment?.cpu.model ?? '',
        num_cpu: String(environment?.cpu.logicalCores ?? ''),
        os: environment === undefined ? '' : `${environment.os.platform} ${environment.os.release}`,
        ram: String(environment?.memory.totalBytes ?? ''),
      },
      python: '',
      requirements: {},
      env_vars: {},
      result_columns: ['result', 'params', 'version', 'started_at'],
      results: Object.fromEntries(results),
      durations: {},
      version: 2,
    };
    return `${JSON.stringify(file, null, 1)}\n`;
  },
};
