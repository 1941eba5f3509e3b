// Outcomes -> records -> report.

import { summaryOf } from '../measure/summary.js';
import type { Outcome } from '../run/outcome.js';
import { toRow } from './columns.js';
import { Pool } from './pool.js';
import type { CaseRecord, Report } from './record.js';

/** One finished case. Of a failed one the samples taken before the failure are kept, but no number is made of them. */
export function toRecord(outcome: Outcome): CaseRecord {
  const measurement = measurementOf(outcome);
  const throttled = measurement?.sensors?.throttled ?? [];
  const summary = outcome.state === 'measured' ? summaryOf(outcome.measurement) : null;
  return {
    row: toRow(outcome),
    samplesNs: measurement ? [...measurement.samplesNs] : [],
    ...(measurement?.generation && { firstTokenNs: [...measurement.generation.firstTokenNs] }),
    outliers: summary?.outliers ?? [],
    ...(throttled.length > 0 && { throttled }),
    warnings: outcome.warnings,
  };
}

/** @param about who wrote the report, when (ISO 8601, UTC), and the command line's arguments */
export function toReport(
  outcomes: readonly Outcome[],
  about: Pick<Report, 'hfbench' | 'createdAt' | 'command'>,
): Report {
  const environments = new Pool<Outcome['environment']>();
  const runtimes = new Pool<NonNullable<Outcome['runtime']>>();
  const records = outcomes.map((outcome) => ({
    ...toRecord(outcome),
    environment: environments.indexOf(outcome.environment),
    runtime: outcome.runtime && runtimes.indexOf(outcome.runtime),
  }));
  return {
    schema: 'hfbench-report',
    version: 1,
    createdAt: about.createdAt,
    hfbench: about.hfbench,
    command: about.command,
    environments: environments.items,
    runtimes: runtimes.items,
    records,
  };
}

function measurementOf(outcome: Outcome) {
  if (outcome.state === 'measured') return outcome.measurement;
  return outcome.state === 'failed' ? outcome.partial : undefined;
}
