// What `hfbench run --profile` prints of each case: time by operator and provider, and where its trace lies.

import type { Outcome } from '../run/outcome.js';
import { formatDuration, formatNumber, formatPercent } from '../util/number-format.js';
import { oneLine } from '../util/one-line.js';
import { caseLabel } from './label.js';

const HEAD = ['operator', 'provider', 'calls', 'time', 'share'];

/** Lines of equal columns; the first two are words, the others numbers. */
function columns(rows: readonly string[][]): string {
  const widths = HEAD.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  return rows.map((row) => `  ${line(row).trimEnd()}\n`).join('');
}

/** Empty where no case was profiled. */
export function operatorTables(outcomes: readonly Outcome[]): string {
  return outcomes
    .map((outcome) => {
      if (outcome.state !== 'measured' || outcome.profile === undefined) return '';
      const { file, runs, operators } = outcome.profile;
      const rows = operators.map(({ op, provider, calls, timeNs, share }) => [
        oneLine(op),
        oneLine(provider.replace(/ExecutionProvider$/, '')),
        formatNumber(calls),
        formatDuration(timeNs),
        formatPercent(share),
      ]);
      const head = `\n${oneLine(caseLabel(outcome.case))}: time by operator of one run, mean of ${runs}; trace: ${file}\n`;
      return head + columns([HEAD, ...rows]);
    })
    .join('');
}
