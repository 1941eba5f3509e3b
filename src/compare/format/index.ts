// The forms in which a comparison is written: pure functions to text.

import Table from 'cli-table3';
import { field } from '../../export/csv.js';
import { escapeMarkdown } from '../../export/markdown.js';
import type { Comparison } from '../comparison.js';
import { html } from './html.js';
import { comparisonView } from './view.js';

export interface FormatOptions {
  color: boolean;
}

function table(comparison: Comparison, { color }: FormatOptions): string {
  const view = comparisonView(comparison);
  const bold = (text: string): string => (color ? `\u001b[1;32m${text}\u001b[0m` : text);
  const grid = new Table({
    head: view.head,
    style: { head: color ? ['cyan'] : [], border: [], compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '─',
      'mid-mid': '─',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
  });
  for (const { cells, best } of view.rows)
    grid.push(cells.map((text, index) => (index === best ? bold(`${text} *`) : text)));
  for (const cells of view.means) grid.push(cells);
  const legend = `${comparison.metric}, ${comparison.better} is better; * marks the best; ± is the noise within the runs only`;
  return [`${legend}`, grid.toString(), ...view.notes, ''].join('\n');
}

function markdown(comparison: Comparison): string {
  const view = comparisonView(comparison);
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rows = view.rows.map(({ cells, best }) =>
    line(cells.map((text, index) => (index === best ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text)))),
  );
  const head = [line(view.head.map(escapeMarkdown)), line(view.head.map(() => '---'))];
  return [
    `${escapeMarkdown(comparison.metric)}, ${comparison.better} is better`,
    '',
    ...head,
    ...rows,
    ...view.means.map((cells) => line(cells.map(escapeMarkdown))),
    '',
    ...view.notes.map((text) => `- ${escapeMarkdown(text)}`),
    '',
  ].join('\n');
}

function csv({ cases, sides, metric }: Comparison): string {
  const head = [
    'model',
    'size',
    'dtype',
    'batch',
    'seq',
    'scenario',
    'category',
    'side',
    metric,
    'ratio',
    'ratio_low',
    'ratio_high',
    'why_missing',
  ];
  const rows = cases.flatMap(({ identity, category, cells }) =>
    cells.map((cell, side) => [
      ...Object.values(identity),
      category,
      sides[side],
      cell.value,
      cell.ratio,
      cell.low,
      cell.high,
      cell.why,
    ]),
  );
  return [head, ...rows].map((fields) => `${fields.map(field).join(',')}\r\n`).join('');
}

const json = (comparison: Comparison): string =>
  `${JSON.stringify({ schema: 'hfbench-comparison', version: 1, ...comparison }, null, 2)}\n`;

export const FORMATS: Record<string, (comparison: Comparison, options: FormatOptions) => string> = {
  table,
  markdown,
  csv,
  json,
  html,
};
