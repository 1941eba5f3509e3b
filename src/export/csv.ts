import { COLUMNS, columnNamed } from '../record/columns.js';
import type { Cell } from '../record/record.js';
import type { Exporter } from './exporter.js';

/**
 * RFC 4180 with a header line and CRLF. Null is an empty field. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it (OWASP, CSV Injection); numbers stay as they are.
 */
export const exporter: Exporter = {
  description: 'one line a case, stable columns (RFC 4180)',
  extension: 'csv',
  render(report, { columns }) {
    const names = (columns?.map(columnNamed) ?? COLUMNS).map(({ name }) => name);
    const rows = report.records.map(({ row }) => names.map((name) => field(row[name] ?? null)));
    return [names.map(field), ...rows].map((fields) => `${fields.join(',')}\r\n`).join('');
  },
};

/** One CSV field, safe for spreadsheets. */
export function field(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
