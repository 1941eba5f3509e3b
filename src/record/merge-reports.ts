// Run reports of several shards or machines -> one.

import { COLUMNS } from './columns.js';
import { Pool } from './pool.js';
import type { Report, ReportRecord, Row } from './record.js';

/** Facts of the model, which only a case that was built knows: they do not tell cases apart. */
const NOT_ASKED_FOR = new Set(['category', 'family']);
const ASKED_FOR = COLUMNS.filter(({ group, name }) => group === 'identity' && !NOT_ASKED_FOR.has(name));
/** Records of one case that differ in these disagree. */
const TELLING = ['status', 'ort_version', 'graph_digest'] as const;

/** The same case on the same machine. */
function keyOf(row: Row): string {
  return JSON.stringify([...ASKED_FOR.map(({ name }) => row[name]), row.fingerprint]);
}

function label(row: Row): string {
  return ASKED_FOR.map(({ name }) => row[name])
    .filter((cell) => cell !== null && cell !== '')
    .join(' ');
}

/** @returns the newest record of each case in order of first appearance, and a line for each that disagreed with an older one */
export function mergeReports(
  reports: readonly { name: string; report: Report }[],
  about: Pick<Report, 'hfbench' | 'createdAt' | 'command'>,
): { report: Report; conflicts: string[] } {
  const kept = new Map<string, { name: string; from: Report; record: ReportRecord }>();
  const conflicts: string[] = [];
  for (const { name, report } of reports) {
    for (const record of report.records) {
      const key = keyOf(record.row);
      const other = kept.get(key);
      const isNewer = !other || `${record.row.started_at ?? ''}` >= `${other.record.row.started_at ?? ''}`;
      const differing = TELLING.find((column) => other && other.record.row[column] !== record.row[column]);
      if (other && differing) {
        const [won, lost] = isNewer ? [{ name, record }, other] : [other, { name, record }];
        conflicts.push(
          `${label(record.row)}: ${differing} '${won.record.row[differing]}' of ${won.name} replaces '${lost.record.row[differing]}' of ${lost.name}`,
        );
      }
      if (isNewer) kept.set(key, { name, from: report, record });
    }
  }
  const environments = new Pool<Report['environments'][number]>();
  const runtimes = new Pool<Report['runtimes'][number]>();
  const records = [...kept.values()].map(({ from, record }) => ({
    ...record,
    environment: environments.indexOf(from.environments[record.environment]!),
    runtime: record.runtime === null ? null : runtimes.indexOf(from.runtimes[record.runtime]!),
  }));
  const { createdAt, hfbench, command } = about;
  const head = { schema: 'hfbench-report', version: 1, createdAt, hfbench, command } as const;
  return { report: { ...head, environments: environments.items, runtimes: runtimes.items, records }, conflicts };
}
