// hfbench compare: reports side by side.

import { type Command, Option } from 'commander';
import { AGREEING, compareReports, type GroupBy } from '../compare/comparison.js';
import { FORMATS } from '../compare/format/index.js';
import { readReport } from '../record/read-report.js';
import { checkWritable, writeFileAtomic } from '../util/atomic-file.js';
import { note, print, wantsColor } from './terminal.js';

interface Flags {
  baseline?: string;
  metric: string;
  groupBy: GroupBy;
  filter?: string;
  allow?: string;
  format: string;
  output?: string;
}

const list = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean);

export function configure(command: Command): void {
  command
    .argument('<report...>', 'JSON reports written by `hfbench run --json`')
    .option(
      '--baseline <side>',
      'the side that the others are held against: its name or its number (default: the first)',
    )
    .option('--metric <column>', 'what is compared', 'latency_median_ns')
    .addOption(
      new Option('--group-by <what>', 'what makes a side')
        .choices(['report', 'ep', 'machine', 'category'])
        .default('report'),
    )
    .option('--filter <parts>', 'only models whose names contain one of these (comma list)')
    .option('--allow <columns>', `compare although these differ (comma list of ${AGREEING.join(', ')})`)
    .addOption(new Option('--format <format>', 'form of the output').choices(Object.keys(FORMATS)).default('table'))
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (paths: string[], flags: Flags) => {
      if (flags.output !== undefined) checkWritable(flags.output, '--output');
      const reports = paths.map((path) => ({ name: path, report: readReport(path) }));
      const comparison = compareReports(reports, {
        metric: flags.metric,
        baseline: flags.baseline ?? null,
        groupBy: flags.groupBy,
        filter: list(flags.filter),
        allow: list(flags.allow),
      });
      const text = FORMATS[flags.format](comparison, {
        color: flags.output === undefined && wantsColor(process.stdout),
      });
      if (flags.output === undefined) return print(text);
      writeFileAtomic(flags.output, text);
      note(`written to ${flags.output}`);
    });
}
