// Reports side by side: the same case of each, with the ratio of a metric and what is known of its error.

import { COLUMNS, columnNamed } from '../record/columns.js';
import type { Report, ReportRecord, Row } from '../record/record.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import { logRatio } from './ratio.js';

/** What a case is, apart from where and with what it ran. */
const JOINED = ['model', 'size', 'dtype', 'batch', 'seq', 'prompt', 'generate', 'scenario'] as const;

/** What a side of the comparison is made of. */
const GROUPS = {
  report: [],
  ep: ['provider', 'provider_options'],
  machine: ['fingerprint'],
  category: [],
} as const;
export type GroupBy = keyof typeof GROUPS;

/**
 * What must be equal for a ratio to mean anything: the computed thing and the way of measuring it. Other differences (machine,
 * provider, versions) may be what is compared; they are told.
 */
const MUST_AGREE = [
  'graph_digest',
  'style',
  'threads',
  'runtime',
  'clock',
  'streams',
  'input',
  'preprocessor',
  'tokenizer',
] as const;

/** What a comparison of machines has to tell where it differs. */
const TOLD = COLUMNS.filter(({ group }) => group === 'environment' || group === 'version')
  .map(({ name }) => name)
  .filter(
    (name) =>
      ![
        'load1',
        'started_at',
        'graph_digest',
        'clock',
        'input',
        'preprocessor',
        'tokenizer',
        'clock_read_ns',
        'clock_resolution_ns',
        'peak_gflops',
        'peak_memory_bytes_per_s',
      ].includes(name),
  );

export interface Side {
  /** Short name of the column: the report's, with its group where a report has several. */
  label: string;
  records: ReportRecord[];
}

export interface ComparedCell {
  /** Null: this side did not measure the case; `why` says what became of it. */
  value: number | null;
  why: string | null;
  /** Value over the baseline's; below 1 is less of it. */
  ratio: number | null;
  /** 95 % bounds of the ratio from the scatter within the two runs; null where it is unknown. */
  low: number | null;
  high: number | null;
}

export interface ComparedCase {
  /** Identity columns that tell this case from others. */
  identity: Row;
  category: string | null;
  cells: ComparedCell[];
  /** Index of the best side; null where only one measured it. */
  best: number | null;
}

export interface Comparison {
  metric: string;
  better: 'lower' | 'higher';
  sides: string[];
  baseline: number;
  cases: ComparedCase[];
  /** Geometric mean of the ratios to the baseline, by category, then of all ('all'). */
  means: { category: string; count: number; ratios: (number | null)[] }[];
  /** Environment facts that differ: name -> what each side says. */
  differences: { name: string; values: string[] }[];
}

export interface CompareOptions {
  metric: string;
  /** Label or index (from 1) of the side that the others are held against. */
  baseline: string | null;
  groupBy: GroupBy;
  /** Parts of model names to keep; empty: all. */
  filter: readonly string[];
  /** Columns of MUST_AGREE that may differ all the same. */
  allow: readonly string[];
}

/** The columns that `allow` may name. */
export const AGREEING: readonly string[] = MUST_AGREE;

/**
 * @throws UsageError where there is nothing to compare or what must not be compared
 */
export function compareReports(
  reports: readonly { name: string; report: Report }[],
  options: CompareOptions,
): Comparison {
  const column = columnNamed(options.metric);
  if (column.better === null)
    throw new UsageError(`--metric ${options.metric}: more is neither better nor worse; choose e.g. latency_median_ns`);
  for (const name of options.allow) {
    if (!AGREEING.includes(name))
      throw new UsageError(
        `--allow ${name}: nothing to allow${didYouMean(name, AGREEING)}; there are: ${AGREEING.join(', ')}`,
      );
  }
  const sides = sidesOf(reports, options.groupBy);
  if (sides.length < 2)
    throw new UsageError('nothing to compare: give two reports, or one with several providers and --group-by ep');
  const baseline = baselineIndex(sides, options.baseline);
  const keys = joinKeys(sides, options.filter);
  if (keys.length === 0)
    throw new UsageError(
      `no case is in two of the sides (${sides.map(({ label }) => label).join(', ')}): measure the same models with the same sizes`,
    );
  const cases = keys.map((key) => compareCase(key, sides, baseline, options, column.better!));
  return {
    metric: options.metric,
    better: column.better,
    sides: sides.map(({ label }) => label),
    baseline,
    cases,
    means: meansOf(cases, sides.length),
    differences: differencesOf(sides),
  };
}

function sidesOf(reports: readonly { name: string; report: Report }[], groupBy: GroupBy): Side[] {
  const names = reports.map(({ name }) => name.replace(/^.*[/\\]/, '').replace(/\.json$/, ''));
  const unique = names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${index + 1})`,
  );
  return reports.flatMap(({ report }, index) => {
    const groups = new Map<string, ReportRecord[]>();
    for (const record of report.records) {
      const parts = GROUPS[groupBy]
        .map((column) => record.row[column])
        .filter((value) => value !== null && value !== '');
      const key = parts.join(' ');
      groups.set(key, [...(groups.get(key) ?? []), record]);
    }
    return [...groups].map(([group, records]) => ({
      label:
        group && groupBy === 'ep' && reports.length === 1
          ? group
          : [unique[index], groupBy === 'report' ? '' : group].filter(Boolean).join(' '),
      records,
    }));
  });
}

function baselineIndex(sides: readonly Side[], wanted: string | null): number {
  if (wanted === null) return 0;
  const place = /^\d+$/.test(wanted)
    ? Number(wanted) - 1
    : sides.findIndex(({ label }) => label === wanted || `${label}.json` === wanted.replace(/^.*[/\\]/, ''));
  if (place < 0 || place >= sides.length)
    throw new UsageError(
      `--baseline ${wanted}: no such side; there are: ${sides.map(({ label }, index) => `${index + 1} (${label})`).join(', ')}`,
    );
  return place;
}

const keyOf = (row: Row): string => JSON.stringify(JOINED.map((name) => row[name] ?? null));

/** Keys that at least two sides have, in the order of their first appearance. */
function joinKeys(sides: readonly Side[], filter: readonly string[]): string[] {
  const counts = new Map<string, Set<number>>();
  sides.forEach(({ records }, side) => {
    for (const { row } of records) {
      if (filter.length > 0 && !filter.some((part) => String(row.model).includes(part))) continue;
      const key = keyOf(row);
      counts.set(key, (counts.get(key) ?? new Set()).add(side));
    }
  });
  return [...counts].filter(([, seen]) => seen.size >= 2).map(([key]) => key);
}

function compareCase(
  key: string,
  sides: readonly Side[],
  baseline: number,
  options: CompareOptions,
  better: 'lower' | 'higher',
): ComparedCase {
  const found = sides.map(({ records }) => records.find(({ row }) => keyOf(row) === key));
  refuseUnlike(found, sides, options.allow);
  const reference = found[baseline];
  const cells = found.map((record): ComparedCell => {
    const value = numberOf(record, options.metric);
    if (value === null)
      return {
        value,
        why: record ? String(record.row.reason_text ?? record.row.status) : 'not in this report',
        ratio: null,
        low: null,
        high: null,
      };
    const ratio = reference && record !== reference ? logRatio(record!, reference, options.metric) : null;
    return {
      value,
      why: null,
      ratio: record === reference ? 1 : (ratio?.ratio ?? null),
      low: ratio?.low ?? null,
      high: ratio?.high ?? null,
    };
  });
  const values = cells.map(({ value }) => value).filter((value) => value !== null);
  const extreme = better === 'lower' ? Math.min(...values) : Math.max(...values);
  const row = (reference ?? found.find(Boolean))!.row;
  return {
    identity: Object.fromEntries(JOINED.map((name) => [name, row[name] ?? null])),
    category: (row.category as string | null) ?? null,
    cells,
    best: values.length < 2 ? null : cells.findIndex(({ value }) => value === extreme),
  };
}

function numberOf(record: ReportRecord | undefined, metric: string): number | null {
  const value = record?.row.status === 'measured' ? record.row[metric] : null;
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

/** Names every field in which two measured records of one case differ though they must not. */
function refuseUnlike(
  found: readonly (ReportRecord | undefined)[],
  sides: readonly Side[],
  allow: readonly string[],
): void {
  const measured = found
    .map((record, index) => ({ record, label: sides[index].label }))
    .filter(({ record }) => record?.row.status === 'measured');
  for (const name of MUST_AGREE) {
    if (allow.includes(name)) continue;
    const other = measured.find(({ record }) => record!.row[name] !== measured[0].record!.row[name]);
    if (!other) continue;
    const [a, b] = [measured[0], other];
    const text = `${name} differs (${a.label}: ${a.record!.row[name] ?? 'unknown'}, ${b.label}: ${b.record!.row[name] ?? 'unknown'})`;
    throw new UsageError(
      `${a.record!.row.model}: ${text}, so the numbers do not compare; measure alike, or say --allow ${name}`,
    );
  }
}

function meansOf(cases: readonly ComparedCase[], sides: number): Comparison['means'] {
  const categories = [...new Set(cases.map(({ category }) => category ?? 'other'))];
  const meanOf = (some: readonly ComparedCase[]) =>
    Array.from({ length: sides }, (_, side) => {
      const ratios = some.map(({ cells }) => cells[side].ratio);
      // A mean over other cases than its neighbour's would compare different things.
      return ratios.some((ratio) => ratio === null)
        ? null
        : Math.exp(ratios.reduce((sum: number, ratio) => sum + Math.log(ratio!), 0) / ratios.length);
    });
  const complete = (some: readonly ComparedCase[]) =>
    some.filter(({ cells }) => cells.every(({ ratio }) => ratio !== null));
  const rows = categories.map((category) => ({
    category,
    some: complete(cases.filter((one) => (one.category ?? 'other') === category)),
  }));
  return [...rows, { category: 'all', some: complete(cases) }]
    .filter(({ some, category }) => some.length > 0 && (category !== 'all' || categories.length > 1))
    .map(({ category, some }) => ({ category, count: some.length, ratios: meanOf(some) }));
}

function differencesOf(sides: readonly Side[]): Comparison['differences'] {
  return TOLD.flatMap((name) => {
    const values = sides.map(({ records }) =>
      [...new Set(records.map(({ row }) => String(row[name] ?? 'unknown')))].join(' / '),
    );
    return new Set(values).size > 1 ? [{ name, values }] : [];
  });
}
