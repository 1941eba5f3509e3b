// hfbench merge: reports of shards or machines -> one file.

import type { Command } from 'commander';
import type { CheckReport } from '../matrix/cell.js';
import { mergeChecks } from '../matrix/merge-checks.js';
import { parseCheckReport } from '../matrix/read-check.js';
import { mergeReports } from '../record/merge-reports.js';
import { parseReport, readReportText } from '../record/read-report.js';
import { checkWritable, writeFileAtomic } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { hfbenchVersion } from '../util/version.js';
import { note } from './terminal.js';

export function configure(command: Command): void {
  command
    .argument('<report...>', 'JSON reports of `hfbench run --json`, or of `hfbench check --json`')
    .requiredOption('-o, --output <file>', 'where to')
    .action((paths: string[], { output }: { output: string }) => {
      checkWritable(output, '--output');
      const { report, conflicts, parts } = merge(paths.map((path) => ({ name: path, text: readReportText(path) })));
      for (const conflict of conflicts) note(conflict);
      writeFileAtomic(output, `${JSON.stringify(report, null, 1)}\n`);
      note(`${parts} of ${paths.length} ${paths.length === 1 ? 'report' : 'reports'} written to ${output}`);
    });
}

/** A run report or a check report; what is neither is left to the reader of run reports to refuse. */
function isCheck(text: string): boolean {
  try {
    return (JSON.parse(text) as { schema?: unknown } | null)?.schema === 'hfbench-check';
  } catch {
    return false;
  }
}

/** @throws UsageError for files that are no reports, and for reports of different kinds */
function merge(files: { name: string; text: string }[]) {
  const about = { createdAt: new Date().toISOString(), hfbench: hfbenchVersion(), command: process.argv.slice(2) };
  const checks = files.filter(({ text }) => isCheck(text));
  if (checks.length === 0) {
    const merged = mergeReports(
      files.map(({ name, text }) => ({ name, report: parseReport(text, name) })),
      about,
    );
    return { ...merged, parts: `${merged.report.records.length} records` };
  }
  const other = files.find(({ text }) => !isCheck(text));
  if (other) {
    parseReport(other.text, other.name);
    throw new UsageError(
      `${checks[0]!.name} is a check report and ${other.name} a run report: merge one kind at a time`,
    );
  }
  const { cells, conflicts } = mergeChecks(
    checks.map(({ name, text }) => ({ name, report: parseCheckReport(text, name) })),
  );
  const report: CheckReport = { schema: 'hfbench-check', version: 1, ...about, cells };
  return { report, conflicts, parts: `${cells.length} cells` };
}
