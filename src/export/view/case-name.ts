import type { Row } from '../../record/record.js';
import { oneLine } from '../../util/one-line.js';

/** A case by one name that says all that it is, for tools that know results by name: 'bert/fp32/batch 1/seq 128/cpu'. */
export function caseName(row: Row): string {
  const said = (name: string, usual: unknown, words = '') =>
    row[name] === null || row[name] === undefined || row[name] === usual ? null : `${words}${row[name]}`;
  const parts = [
    row.model,
    said('size', 'full'),
    said('dtype', null),
    said('style', 'standard'),
    said('batch', null, 'batch '),
    said('seq', null, 'seq '),
    said('provider', null),
    said('provider_options', null),
    said('runtime', 'native'),
    said('scenario', 'latency'),
    said('threads', null, 'threads '),
  ];
  return oneLine(parts.filter((part) => part !== null).join('/'), 300);
}

/** Rows that hold numbers, each under a name of its own: equal names are counted. */
export function namedRows(rows: readonly Row[]): [name: string, row: Row][] {
  const seen = new Map<string, number>();
  return rows
    .filter(({ status }) => status === 'measured')
    .map((row) => {
      const name = caseName(row);
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [count === 1 ? name : `${name} (${count})`, row];
    });
}

export const numberIn = (row: Row, column: string): number | null => {
  const value = row[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
