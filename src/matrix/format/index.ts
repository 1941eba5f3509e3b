// The forms of a matrix: pure functions to text, loaded when they are used.

import type { CheckReport } from '../cell.js';
import { type MatrixFilter, type MatrixView, matrixView } from '../view.js';

export interface FormatOptions {
  color: boolean;
  filter?: MatrixFilter;
}

export const MATRIX_FORMATS = ['table', 'markdown', 'csv', 'json', 'html'] as const;

/** What a page of this folder exports. */
export type MatrixFormat = (view: MatrixView, report: CheckReport, options: { color: boolean }) => string;

/** @param name one of MATRIX_FORMATS, or list */
export async function loadFormat(name: string): Promise<(report: CheckReport, options: FormatOptions) => string> {
  const { format } = (await import(`./${name}.js`)) as { format: MatrixFormat };
  return (report, { color, filter = { categories: null, providers: null, levels: null } }) =>
    format(matrixView(report, filter), report, { color });
}
