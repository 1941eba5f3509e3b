// Cells -> rows and columns of a matrix, with what is worth saying below it. The formats only write it down.

import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { type Cell, type CheckReport, LEVELS, type Level, providerLabel, reasonOf } from './cell.js';

export interface Column {
  /** 'webgpu fp16', with ' fused' where that is the style. */
  title: string;
  /** How many cells of the column have each level, in the order of LEVELS. */
  counts: number[];
}

export interface Row {
  model: string;
  family: string;
  category: string;
  /** In the order of the columns; null: not tried. */
  cells: (Cell | null)[];
}

export interface MatrixView {
  columns: Column[];
  rows: Row[];
  /** Why cells are no more than they are: cells of one column and level with the same reason together. */
  reasons: { level: Level; column: string; models: string[]; reason: string }[];
  /** Versions of ONNX Runtime and hfbench, machines and days. */
  origins: string[];
}

export interface MatrixFilter {
  categories: readonly string[] | null;
  providers: readonly string[] | null;
  /** Rows with a cell of one of these levels. */
  levels: readonly Level[] | null;
}

export const levelAt = (cell: Cell | null): Level => cell?.level ?? 'not tried';

const columnOf = (cell: Cell): string =>
  `${providerLabel(cell)} ${cell.dtype}${cell.style === 'fused' ? ' fused' : ''}`;

/** @throws UsageError for a category or provider that no cell has */
export function matrixView({ cells: all }: Pick<CheckReport, 'cells'>, filter: MatrixFilter): MatrixView {
  known(filter.categories, '--category', new Set(all.map(({ category }) => category)));
  known(filter.providers, '--ep', new Set(all.map(({ provider }) => provider)));
  const cells = all.filter(
    ({ category, provider }) =>
      (filter.categories?.includes(category) ?? true) && (filter.providers?.includes(provider) ?? true),
  );
  const titles = [...new Set(cells.map(columnOf))];
  const byModel = new Map<string, Row>();
  for (const cell of cells) {
    const { model, family, category } = cell;
    const row = byModel.get(model) ?? { model, family, category, cells: titles.map(() => null) };
    row.cells[titles.indexOf(columnOf(cell))] = cell;
    byModel.set(model, row);
  }
  const order = ({ category, family, model }: Row): string => [category, family, model].join('\0');
  const rows = [...byModel.values()]
    .filter(({ cells }) => filter.levels === null || cells.some((cell) => filter.levels?.includes(levelAt(cell))))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { columns: columnsOf(titles, rows), rows, reasons: reasonsOf(titles, rows), origins: originsOf(rows) };
}

function known(wanted: readonly string[] | null, flag: string, there: ReadonlySet<string>): void {
  for (const name of wanted ?? []) {
    if (there.has(name)) continue;
    const list = [...there].sort().join(', ') || 'none';
    throw new UsageError(`${flag} ${name}: no cell is of it${didYouMean(name, there)}; there are: ${list}`);
  }
}

const columnsOf = (titles: string[], rows: Row[]): Column[] =>
  titles.map((title, index) => ({
    title,
    counts: LEVELS.map((level) => rows.filter(({ cells }) => levelAt(cells[index] ?? null) === level).length),
  }));

function reasonsOf(titles: string[], rows: Row[]): MatrixView['reasons'] {
  const groups = new Map<string, MatrixView['reasons'][number]>();
  for (const { model, cells } of rows) {
    for (const [index, cell] of cells.entries()) {
      if (!cell || cell.level === 'full' || cell.level === 'partial') continue;
      const reason = reasonOf(cell);
      const key = JSON.stringify([index, cell.level, reason]);
      const group = groups.get(key) ?? { level: cell.level, column: titles[index]!, models: [], reason };
      group.models.push(model);
      groups.set(key, group);
    }
  }
  const rank = ({ level, column }: MatrixView['reasons'][number]): number =>
    titles.indexOf(column) * LEVELS.length + LEVELS.indexOf(level);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.models.length - a.models.length);
}

function originsOf(rows: Row[]): string[] {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell !== null));
  const groups = new Map<string, string[]>();
  for (const { ortVersion, hfbench, machine, date } of cells) {
    const key = `ONNX Runtime ${ortVersion ?? 'unknown'}, hfbench ${hfbench}, ${machine}`;
    groups.set(key, [...(groups.get(key) ?? []), date.slice(0, 10)]);
  }
  return [...groups].map(([key, days]) => {
    const [first, last] = [days.sort()[0]!, days.at(-1)!];
    return `${days.length} ${days.length === 1 ? 'cell' : 'cells'}: ${key}, ${first === last ? first : `${first} to ${last}`}`;
  });
}

/** 'full', 'partial 81 %', 'wrong 2.1e-2'. */
export function cellText(cell: Cell | null): string {
  if (cell?.level === 'partial')
    return cell.placement ? `partial ${sharePercent(cell.placement)} %` : 'partial, share unknown';
  if (cell?.level === 'wrong') return cell.error === null ? 'wrong' : `wrong ${cell.error.toExponential(1)}`;
  return levelAt(cell);
}

/** Never 0 or 100 for a share that is not. */
export function sharePercent({ nodes, onProvider }: { nodes: number; onProvider: number }): number {
  const percent = Math.round((100 * onProvider) / nodes);
  if (onProvider > 0 && percent === 0) return 1;
  return onProvider < nodes && percent === 100 ? 99 : percent;
}
