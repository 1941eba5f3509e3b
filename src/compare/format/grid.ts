// A table without vertical lines, for terminals, and the same rows for Markdown.

import Table from 'cli-table3';
import { escapeMarkdown } from '../../export/markdown.js';

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left']
    .concat('left-mid', 'right', 'right-mid')
    .map((name) => [name, '']),
);

/** @param numbers columns whose cells end at the same place */
export function grid(head: readonly string[], rows: readonly string[][], numbers: readonly number[]): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (numbers.includes(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, mid: '─', 'mid-mid': '──', middle: '  ' },
  });
  for (const row of rows) table.push([...row]);
  const text = table.toString();
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

export function markdownGrid(head: readonly string[], rows: readonly string[][], numbers: readonly number[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(escapeMarkdown)),
    line(head.map((_, column) => (numbers.includes(column) ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n');
}
