// One line a cell, RFC 4180, for spreadsheets and data frames.

import { field } from '../../export/csv.js';
import { type Cell, providerLabel, reasonOf } from '../cell.js';
import type { MatrixFormat } from './index.js';

type Value = string | number | boolean | null;
const FIELDS: [name: string, from: (cell: Cell) => Value][] = [
  ['model', ({ model }) => model],
  ['family', ({ family }) => family],
  ['category', ({ category }) => category],
  ['provider', providerLabel],
  ['dtype', ({ dtype }) => dtype],
  ['style', ({ style }) => style],
  ['size', ({ size }) => size],
  ['level', ({ level }) => level],
  ['loads', ({ loads }) => loads],
  ['runs', ({ runs }) => runs],
  ['error', ({ error }) => error],
  ['limit', ({ limit }) => limit],
  ['output', ({ output }) => output],
  ['nodes', ({ placement }) => placement?.nodes ?? null],
  ['nodes_on_provider', ({ placement }) => placement?.onProvider ?? null],
  ['reason_code', ({ problem }) => problem?.code ?? null],
  ['reason', (cell) => reasonOf(cell) || null],
  ['ort_version', ({ ortVersion }) => ortVersion],
  ['hfbench_version', ({ hfbench }) => hfbench],
  ['graph_digest', ({ graphDigest }) => graphDigest],
  ['machine', ({ machine }) => machine],
  ['date', ({ date }) => date],
];

export const format: MatrixFormat = ({ rows }) => {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell !== null));
  const lines = cells.map((cell) => FIELDS.map(([, from]) => field(from(cell))));
  return [FIELDS.map(([name]) => name), ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
};
