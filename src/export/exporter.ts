import type { Report } from '../record/record.js';

export interface ExportOptions {
  /** Columns of the terminal; only the table looks at it. */
  width?: number;
  /** ANSI colours; only the table knows them. */
  color?: boolean;
  /** Names of the columns to show instead of the format's own choice. */
  columns?: readonly string[];
}

/** A format: a pure function from a report to text. Each file of this folder but index.ts and this one exports one as `exporter`. */
export interface Exporter {
  description: string;
  /** Conventional file name extension, without the dot. */
  extension: string;
  /** The text ends with a line feed. */
  render(report: Report, options: ExportOptions): string;
}
