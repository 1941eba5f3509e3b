// For a terminal: the matrix, its counts, and why cells are not full.

import { LEVELS, type Level } from '../cell.js';
import { cellText, levelAt } from '../view.js';
import type { MatrixFormat } from './index.js';

const COLORS: Record<Level, string> = {
  full: '32',
  partial: '36',
  wrong: '31',
  failed: '31',
  unsupported: '33',
  'not tried': '90',
};
const MOST_NAMES = 6;

export const format: MatrixFormat = ({ columns, rows, reasons, origins }, _report, { color }) => {
  if (rows.length === 0) return 'No cells.\n';
  const paint = (text: string, level: Level): string => (color ? `\u001b[${COLORS[level]}m${text}\u001b[0m` : text);
  const head = ['model', 'category', ...columns.map(({ title }) => title)];
  const body = rows.map(({ model, category, cells }) => [
    { text: model },
    { text: category },
    ...cells.map((cell) => ({ text: cellText(cell), level: levelAt(cell) })),
  ]);
  const counts = LEVELS.flatMap((level, index) =>
    columns.some((column) => column.counts[index]! > 0)
      ? [[{ text: '' }, { text: level, level }, ...columns.map((column) => ({ text: `${column.counts[index]}` }))]]
      : [],
  );
  const all: { text: string; level?: Level }[][] = [head.map((text) => ({ text })), ...body, [], ...counts];
  const widths = head.map((_, index) => Math.max(...all.map((cells) => cells[index]?.text.length ?? 0)));
  const lines = all.map((cells) =>
    cells
      .map(({ text, level }, index) => {
        const padded = index === cells.length - 1 ? text : text.padEnd(widths[index]!);
        return level ? paint(padded, level) : padded;
      })
      .join('  ')
      .trimEnd(),
  );
  const why = reasons.map(({ level, column, models, reason }) => {
    const names = models.slice(0, MOST_NAMES).join(', ');
    const more = models.length > MOST_NAMES ? ` and ${models.length - MOST_NAMES} more` : '';
    return `${paint(level, level)} ${column}: ${names}${more}: ${reason}`;
  });
  return [...lines, '', ...why, ...(why.length > 0 ? [''] : []), ...origins, ''].join('\n');
};
