// Reads a gate's report back: it may come from another job, and nothing in it is trusted.

import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import type { GateReport } from './gate.js';
import { gateSchema } from './gate-schema.js';
import { parseReport } from './read-report.js';
import type { Report } from './record.js';
import { firstViolation } from './schema.js';

const MAX_BYTES = 500_000_000;

/** A gate's report, or that of a run. @throws UsageError: one line with the file's name and what is wrong with it */
export function readAnyReport(path: string): GateReport | Report {
  const refuse = (what: string): never => {
    throw new UsageError(oneLine(`${path}: ${what}`));
  };
  let text: string;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return refuse('is no file: give the path of a report');
    if (stat.size > MAX_BYTES) return refuse(`${stat.size} bytes are too many for a report (at most ${MAX_BYTES})`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return refuse(code === 'ENOENT' ? 'no such file' : `cannot be read: ${code ?? 'unknown error'}`);
  }
  return isGate(text) ? parseGate(text, path) : parseReport(text, path);
}

function isGate(text: string): boolean {
  try {
    return (JSON.parse(text) as { schema?: unknown } | null)?.schema === 'hfbench-gate';
  } catch {
    return false;
  }
}

/** @param name of the file, for messages @throws UsageError */
export function parseGate(text: string, name: string): GateReport {
  const refuse = (what: string): never => {
    throw new UsageError(oneLine(`${name}: ${what}`));
  };
  let report: GateReport;
  try {
    report = JSON.parse(text) as GateReport;
  } catch {
    return refuse('is no complete JSON: is the file truncated, or not written by `hfbench gate --json`?');
  }
  if ((report.version as number) !== 1)
    return refuse(
      `has gate version ${JSON.stringify(report.version)}, this hfbench reads version 1: use the hfbench that wrote it`,
    );
  const violation = firstViolation(gateSchema(), report);
  if (violation) return refuse(`does not follow the gate's schema: ${violation}`);
  // A verdict that its rows do not bear out was edited by hand.
  const worst = (['fail', 'not-compared', 'inconclusive'] as const).find((one) =>
    report.rows.some(({ verdict }) => verdict === one),
  );
  const expected = worst ?? (report.rows.length === 0 ? 'not-compared' : 'pass');
  if (report.verdict !== expected) return refuse(`says '${report.verdict}' where its rows say '${expected}'`);
  return report;
}
