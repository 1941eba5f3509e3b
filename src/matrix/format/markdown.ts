// For GitHub and the like: counts, matrix, reasons.

import { escapeMarkdown } from '../../export/markdown.js';
import { CRITERIA, LEVELS } from '../cell.js';
import { cellText } from '../view.js';
import type { MatrixFormat } from './index.js';

export const format: MatrixFormat = ({ columns, rows, reasons, origins }) => {
  if (rows.length === 0) return 'No cells.\n';
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |\n`;
  const rule = (count: number): string => `|${' --- |'.repeat(count)}\n`;
  const titles = columns.map(({ title }) => title);
  const counts = LEVELS.map((level, index) =>
    line([level, ...columns.map((column) => `${column.counts[index]}`), CRITERIA[level]]),
  );
  const body = rows.map(({ model, category, cells }) => line([model, category, ...cells.map(cellText)]));
  const why = reasons.map(
    ({ level, column, models, reason }) =>
      `- **${level}** ${escapeMarkdown(`${column}: ${models.join(', ')}: ${reason}`)}\n`,
  );
  return [
    line(['level', ...titles, 'means']),
    rule(columns.length + 2),
    ...counts,
    '\n',
    line(['model', 'category', ...titles]),
    rule(columns.length + 2),
    ...body,
    ...(why.length > 0 ? ['\n', ...why] : []),
    '\n',
    ...origins.map((origin) => `${escapeMarkdown(origin)}\n`),
  ].join('');
};
