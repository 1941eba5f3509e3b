// The list of `hfbench models`: every public name with what has become of it, in a few forms. Pure functions to text.

import { type NameState, STATES } from '../../models/states.js';
import { field } from '../export/csv.js';
import { escapeMarkdown } from '../export/markdown.js';
import { formatSi } from '../util/number-format.js';

const HEAD = ['model', 'state', 'category', 'of', 'parameters', 'checkpoint or reason'];

const cellsOf = ({ name, state, category, of, parameters, checkpoint, why }: NameState): string[] => [
  name,
  state,
  category,
  of ?? '',
  parameters === null ? '' : formatSi(parameters, ''),
  why ?? checkpoint ?? '',
];

/** One line a category: how many of its names are in each state. */
export function countsByCategory(rows: readonly NameState[]): (string | number)[][] {
  const line = (title: string, some: readonly NameState[]) => [
    title,
    ...STATES.map((state) => some.filter((row) => row.state === state).length),
    some.length,
  ];
  const categories = [...new Set(rows.map(({ category }) => category))];
  const lines = categories.map((category) =>
    line(
      category,
      rows.filter((row) => row.category === category),
    ),
  );
  return [...lines, ...(categories.length === 1 ? [] : [line('all', rows)])];
}

const COUNTS_HEAD = ['category', ...STATES, 'names'];

function columns(head: readonly string[], body: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((cells) => `${cells[i]}`.length)));
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, i) => (typeof cell === 'number' ? `${cell}`.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [head, ...body].map((cells) => `${line(cells)}\n`).join('');
}

function markdownTable(head: readonly string[], body: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => escapeMarkdown(`${cell}`)).join(' | ')} |\n`;
  return [line(head), `|${' --- |'.repeat(head.length)}\n`, ...body.map(line)].join('');
}

type Format = (rows: readonly NameState[]) => string;

export const LIST_FORMATS: Record<'table' | 'json' | 'csv' | 'markdown', Format> = {
  table: (rows) => `${columns(HEAD, rows.map(cellsOf))}\n${columns(COUNTS_HEAD, countsByCategory(rows))}`,
  markdown: (rows) =>
    `${markdownTable(HEAD, rows.map(cellsOf))}\n${markdownTable(COUNTS_HEAD, countsByCategory(rows))}`,
  json: (rows) => `${JSON.stringify(rows, null, 2)}\n`,
  csv(rows) {
    const names = ['name', 'category', 'state', 'of', 'page', 'parameters', 'checkpoint', 'why', 'nearest'] as const;
    const lines = rows.map((row) => names.map((name) => field(row[name])));
    return [names as readonly string[], ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
  },
};
