// Reads a report back. Reports travel between machines and are edited by hand: nothing in one is trusted.

import { readFileSync, type Stats, statSync } from 'node:fs';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { COLUMNS } from './columns.js';
import type { Report } from './record.js';
import { reportSchema } from './report-schema.js';
import { firstViolation } from './schema.js';

/** Some fifty million samples; a JavaScript string cannot be much longer. */
const MAX_BYTES = 500_000_000;

/** @throws UsageError: one line with the file's name and what is wrong with it */
export function readReport(path: string): Report {
  return parseReport(readReportText(path), path);
}

/** The text of a report's file. @throws UsageError where it cannot be read, or is too large */
export function readReportText(path: string): string {
  const refuse = (what: string): never => {
    throw new UsageError(oneLine(`${path}: ${what}`));
  };
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return refuse(
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : `cannot be read: ${reason(error)}`,
    );
  }
  if (!stats.isFile()) return refuse('is no file: give the path of a report');
  if (stats.size > MAX_BYTES) return refuse(`${stats.size} bytes are too many for a report (at most ${MAX_BYTES})`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(`cannot be read: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/**
 * @param name of the file, for messages
 * @throws UsageError
 */
export function parseReport(text: string, name: string): Report {
  const refuse = (what: string): never => {
    throw new UsageError(oneLine(`${name}: ${what}`));
  };
  let report: Report;
  try {
    report = JSON.parse(text) as Report;
  } catch {
    return refuse('is no complete JSON: is the file truncated, or not written by `hfbench run --json`?');
  }
  if (report === null || typeof report !== 'object' || report.schema !== 'hfbench-report') {
    return refuse('is no hfbench report: write one with `hfbench run --json FILE`');
  }
  if ((report.version as number) !== 1) {
    return refuse(
      `has report version ${JSON.stringify(report.version)}, this hfbench reads version 1: use the hfbench that wrote it`,
    );
  }
  const violation = firstViolation(reportSchema(), report);
  if (violation) return refuse(`does not follow the report schema: ${violation}`);
  report.records.forEach((record, index) => {
    const outside = dangling(report, record);
    if (outside) refuse(`records[${index}] names ${outside} that the report does not hold`);
    // Missing columns are those that a later hfbench added: unknown, in the order of today.
    record.row = Object.fromEntries(COLUMNS.map((column) => [column.name, record.row[column.name] ?? null]));
  });
  return report;
}

function dangling({ environments, runtimes }: Report, record: Report['records'][number]): string | null {
  if (record.environment >= environments.length) return `an environment (${record.environment})`;
  if (record.runtime !== null && record.runtime >= runtimes.length) return `a runtime (${record.runtime})`;
  const wrong = record.outliers.find((index) => index >= record.samplesNs.length);
  return wrong === undefined ? null : `a sample (${wrong})`;
}
