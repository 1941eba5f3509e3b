// A check report of the cells that the filters leave.

import type { MatrixFormat } from './index.js';

export const format: MatrixFormat = ({ rows }, report) => {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell !== null));
  return `${JSON.stringify({ ...report, cells }, null, 2)}\n`;
};
