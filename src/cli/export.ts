// hfbench export: a report in the form that another tool reads.

import type { Command } from 'commander';
import { formatNames, loadExporter } from '../export/index.js';
import { readReport } from '../record/read-report.js';
import { checkWritable, writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { oneOf } from './flag-values.js';
import { note, print, wantsColor } from './terminal.js';

export function configure(command: Command): void {
  command
    .argument('<report>', 'a JSON report written by `hfbench run --json`')
    .requiredOption('--to <format>', formatNames().join(', '))
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (path: string, { to, output }: { to: string; output?: string }) => {
      const exporter = await loadExporter(oneOf(formatNames())(to, '--to'));
      if (output !== undefined) checkWritable(output, '--output');
      const report = readReport(path);
      const screen = { width: process.stdout.columns, color: wantsColor(process.stdout) };
      const text = exporter.render(report, output === undefined ? screen : {});
      if (output === undefined) return print(text);
      try {
        writeFileAtomic(output, text);
      } catch (error) {
        throw new UsageError(writeProblem(output, error));
      }
      note(`written to ${output}`);
    });
}
