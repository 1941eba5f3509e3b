// A comparison as rows of text: what the table, Markdown and HTML forms share.

import { quantity } from '../../export/view/cell-text.js';
import { columnNamed } from '../../record/columns.js';
import type { ComparedCase, ComparedCell, Comparison } from '../comparison.js';

export interface ComparisonView {
  head: string[];
  rows: { cells: string[]; best: number | null }[];
  means: string[][];
  /** Lines below: why cells are missing, what differs. */
  notes: string[];
}

const TITLES: Record<string, string> = {
  model: 'model',
  size: 'size',
  dtype: 'dtype',
  batch: 'batch',
  seq: 'seq',
  scenario: 'scenario',
};

export function ratioText({ ratio, low, high }: Pick<ComparedCell, 'ratio' | 'low' | 'high'>): string {
  if (ratio === null) return '';
  const digits = (value: number): string => value.toFixed(value < 10 ? 3 : 2);
  const half = low !== null && high !== null ? ` ±${(((high - low) / (2 * ratio)) * 100).toFixed(1)} %` : '';
  return `${digits(ratio)}x${half}`;
}

export function comparisonView(comparison: Comparison): ComparisonView {
  const { cases, sides, baseline, metric } = comparison;
  const shown = Object.keys(TITLES).filter(
    (name) => name === 'model' || new Set(cases.map(({ identity }) => identity[name])).size > 1,
  );
  const text = (cell: ComparedCell): string => {
    const { text: number, unit } = quantity(columnNamed(metric), cell.value);
    return cell.value === null
      ? 'missing'
      : [`${number} ${unit}`.trim(), cell.ratio === null ? '' : `(${ratioText(cell)})`].filter(Boolean).join(' ');
  };
  const row = ({ identity, cells, best }: ComparedCase) => ({
    cells: [
      ...shown.map((name) => String(identity[name] ?? '')),
      ...cells.map((cell, side) =>
        side === baseline && cell.value !== null ? text({ ...cell, ratio: null }) : text(cell),
      ),
    ],
    best: best === null ? null : best + shown.length,
  });
  return {
    head: [
      ...shown.map((name) => TITLES[name]),
      ...sides.map((label, side) => (side === baseline ? `${label} (baseline)` : label)),
    ],
    rows: cases.map(row),
    means: comparison.means.map(({ category, count, ratios }) => [
      `geometric mean, ${category} (${count})`,
      ...shown.slice(1).map(() => ''),
      ...ratios.map((ratio) => ratioText({ ratio, low: null, high: null })),
    ]),
    notes: [
      ...missing(comparison),
      ...comparison.differences.map(
        ({ name, values }) => `${name}: ${values.map((value, side) => `${sides[side]} ${value}`).join('; ')}`,
      ),
    ],
  };
}

function missing({ cases, sides }: Comparison): string[] {
  return cases.flatMap(({ identity, cells }) =>
    cells.flatMap((cell, side) => (cell.why ? [`missing ${identity.model} in ${sides[side]}: ${cell.why}`] : [])),
  );
}
