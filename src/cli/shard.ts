// `--shard i/n`: one of n machines takes every n-th piece of work, so that their sizes mix and the split is the same everywhere.

import { UsageError } from '../util/error.js';
import type { Reader } from './flag-values.js';

export interface Shard {
  /** From 1 on. */
  index: number;
  count: number;
}

export const shard: Reader<Shard> = (value, where) => {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(String(value));
  const [index, count] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  if (index < 1 || index > count)
    throw new UsageError(`${where} ${String(value)}: expected i/n with i from 1 to n, e.g. 2/4`);
  return { index, count };
};

/** @throws UsageError for a shard that gets nothing */
export function ofShard<T>(items: readonly T[], wanted: Shard | undefined): T[] {
  if (wanted === undefined) return [...items];
  const own = items.filter((_, index) => index % wanted.count === wanted.index - 1);
  if (own.length === 0)
    throw new UsageError(
      `--shard ${wanted.index}/${wanted.count}: nothing to do, the whole has ${items.length} ${items.length === 1 ? 'part' : 'parts'}; use fewer shards`,
    );
  return own;
}
