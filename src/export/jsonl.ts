import type { CaseRecord } from '../record/record.js';
import type { Exporter } from './exporter.js';

/** One flat row a line, so that a run can be followed as it goes. */
export const exporter: Exporter = {
  description: 'one JSON object a line and case, without raw samples',
  extension: 'jsonl',
  render: (report) => report.records.map(jsonLine).join(''),
};

/** The line of one record, with its line feed. */
export function jsonLine({ row }: CaseRecord): string {
  return `${JSON.stringify(row)}\n`;
}
