import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { ReportRecord } from '../record/record.js';
import type { Exporter } from './exporter.js';
import type { Field } from './view/fields.js';
import { summaryView } from './view/summary-view.js';

const DEFAULT_WIDTH = 120;

/** The terminal table: only what differs or matters, as many fields as fit. */
export const exporter: Exporter = {
  description: 'a table that fits the terminal',
  extension: 'txt',
  render(report, { width = DEFAULT_WIDTH, color = false, columns }) {
    const view = summaryView(report, columns);
    const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
    const above = [...view.machines, view.constants.join(' · ')].filter((line) => line !== '');
    if (view.records.length === 0) return 'no cases\n';
    const { text, left } = fit(view.fields, view.records, width, paint);
    const below = [
      left.length > 0 ? `not shown for lack of width: ${left.join(', ')}` : '',
      ...view.notMeasured.map(
        ({ status, label, reason }) => `${paint(status === 'failed' ? 31 : 33, status)} ${label}: ${reason}`,
      ),
      ...view.warnings.map((warning) => `${paint(33, 'warning')} ${warning}`),
    ].filter((line) => line !== '');
    return [...above, text, ...below].map((line) => `${line}\n`).join('');
  },
};

type Paint = (code: number, text: string) => string;

/** Leaves out the least important field until the table fits; shortens the first column when nothing more can go. */
function fit(all: Field[], records: ReportRecord[], width: number, paint: Paint) {
  for (let fields = all; ; ) {
    const text = draw(fields, records, paint);
    const excess = lineWidth(text) - width;
    const left = all.filter((field) => !fields.includes(field)).map(({ title }) => title);
    if (excess <= 0) return { text, left };
    const last = fields.reduce((worst, field) => (field.rank >= worst.rank ? field : worst));
    if (last.rank === 0) return { text: draw(fields, records, paint, excess), left };
    fields = fields.filter((field) => field !== last);
  }
}

function draw(fields: Field[], records: ReportRecord[], paint: Paint, excess = 0): string {
  const columns = fields.map((field) => alignUnits(records.map(({ row }) => field.read(row))));
  const first = Math.max(fields[0]!.title.length, ...(columns[0] ?? []).map((text) => text.length));
  const table = new Table({
    head: fields.map(({ title }) => paint(1, title)),
    colAligns: fields.map(({ align }) => align),
    colWidths: excess > 0 ? [Math.max(8, first - excess)] : [],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: RULES,
  });
  records.forEach(({ row }, index) => {
    const dim = row.status !== 'measured';
    table.push(columns.map((cells) => (dim ? paint(2, cells[index]!) : cells[index]!)));
  });
  return table.toString();
}

/** Pads the units to one width, so that the digits of a right-aligned column end at the same place. */
function alignUnits(cells: { text: string; unit: string }[]): string[] {
  const widest = Math.max(0, ...cells.map(({ unit }) => unit.length));
  return cells.map(({ text, unit }) => (widest === 0 ? text : unit === '' ? text : `${text} ${unit.padEnd(widest)}`));
}

function lineWidth(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => [...line].length),
  );
}

/** A rule above, below the head and at the end; no vertical lines. */
const RULES = {
  top: '─',
  'top-mid': '──',
  'top-left': '',
  'top-right': '',
  bottom: '─',
  'bottom-mid': '──',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
