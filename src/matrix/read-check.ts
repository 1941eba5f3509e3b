// Reads a check report back. Nothing in it is trusted: it may come from another machine or another hand.

import { readReportText } from '../record/read-report.js';
import { firstViolation } from '../record/schema.js';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { type CheckReport, cellKey, levelOf } from './cell.js';
import { checkSchema } from './check-schema.js';

/** @throws UsageError: one line with the file's name and what is wrong with it */
export function readCheckReport(path: string): CheckReport {
  return parseCheckReport(readReportText(path), path);
}

/** @param name of the file, for messages. @throws UsageError */
export function parseCheckReport(text: string, name: string): CheckReport {
  const refuse = (what: string): never => {
    throw new UsageError(oneLine(`${name}: ${what}`));
  };
  let report: CheckReport;
  try {
    report = JSON.parse(text) as CheckReport;
  } catch {
    return refuse('is no complete JSON: is the file truncated, or not written by `hfbench check --json`?');
  }
  if (report === null || typeof report !== 'object' || report.schema !== 'hfbench-check')
    return refuse('is no check report: write one with `hfbench check --json FILE`');
  if ((report.version as number) !== 1)
    return refuse(`has check version ${JSON.stringify(report.version)}, this hfbench reads version 1`);
  const violation = firstViolation(checkSchema(), report);
  if (violation) return refuse(`does not follow the check schema: ${violation}`);
  const seen = new Set<string>();
  report.cells.forEach((cell, index) => {
    const key = cellKey(cell);
    if (seen.has(key)) refuse(`cells[${index}] is a cell that the file holds already: ${key}`);
    seen.add(key);
    const level = levelOf(cell);
    if (cell.level !== level) refuse(`cells[${index}] says '${cell.level}', its evidence says '${level}'`);
    if (cell.placement && cell.placement.onProvider > cell.placement.nodes)
      refuse(`cells[${index}] has more nodes on the provider than nodes`);
    if (Number.isNaN(Date.parse(cell.date))) refuse(`cells[${index}].date is no date`);
  });
  return report;
}
