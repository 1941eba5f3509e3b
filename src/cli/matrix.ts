// hfbench matrix: check reports as one matrix, to read, publish or compute with.

import { type Command, Option } from 'commander';
import { type CheckReport, LEVELS } from '../matrix/cell.js';
import { loadFormat, MATRIX_FORMATS } from '../matrix/format/index.js';
import { mergeChecks } from '../matrix/merge-checks.js';
import { readCheckReport } from '../matrix/read-check.js';
import { checkWritable, writeFileAtomic } from '../util/atomic-file.js';
import { list, oneOf, text } from './flag-values.js';
import { note, print, wantsColor } from './terminal.js';

interface Flags {
  category?: string;
  ep?: string;
  status?: string;
  format: string;
  output?: string;
}

export function configure(command: Command): void {
  command
    .argument('<report...>', 'JSON reports written by `hfbench check --json`')
    .option('--category <list>', 'only models of these categories')
    .option('--ep <list>', 'only these execution providers')
    .option('--status <list>', `only models with a cell that is one of: ${LEVELS.join(', ')}`)
    .addOption(new Option('--format <format>', 'form of the output').choices(MATRIX_FORMATS).default('table'))
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (paths: string[], flags: Flags) => {
      if (flags.output !== undefined) checkWritable(flags.output, '--output');
      const reports = paths.map((path) => ({ name: path, report: readCheckReport(path) }));
      const { cells, conflicts } = mergeChecks(reports);
      for (const conflict of conflicts) note(conflict);
      const report: CheckReport = { ...reports[0]!.report, cells };
      const filter = {
        categories: flags.category === undefined ? null : list(text)(flags.category, '--category'),
        providers: flags.ep === undefined ? null : list(text)(flags.ep, '--ep'),
        levels: flags.status === undefined ? null : list(oneOf(LEVELS))(flags.status, '--status'),
      };
      const color = flags.output === undefined && wantsColor(process.stdout);
      const written = (await loadFormat(flags.format))(report, { color, filter });
      if (flags.output === undefined) return print(written);
      writeFileAtomic(flags.output, written);
      note(`written to ${flags.output}`);
    });
}
