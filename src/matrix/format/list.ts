// One line a cell: what a check prints.

import { providerLabel, reasonOf } from '../cell.js';
import type { MatrixFormat } from './index.js';

export const format: MatrixFormat = ({ rows }) => {
  const lines = rows.flatMap(({ cells }) =>
    cells.flatMap((cell) => {
      if (!cell) return [];
      const error = cell.error === null ? '' : cell.error.toExponential(1);
      const column = `${providerLabel(cell)} ${cell.dtype}`;
      return [[cell.level, cell.model, column, error, reasonOf(cell) || (cell.output ?? '')]];
    }),
  );
  const widths = [0, 1, 2, 3].map((index) => Math.max(...lines.map((cells) => cells[index]!.length)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};
