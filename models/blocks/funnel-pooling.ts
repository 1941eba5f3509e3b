// Funnel's halving of a text (Dai et al. 2020, arXiv:2006.03236): what becomes of the states, and of all that belongs to their tokens.

import {
  add,
  concat,
  type Dim,
  dimAdd,
  dimCeilDiv,
  dimSub,
  type Graph,
  gather,
  maximum,
  minimum,
  mul,
  pad,
  range,
  repeatInterleave,
  slice,
  sub,
  type Tensor,
} from '../../src/graph/index.js';

/** Keys of the configuration that say how a text is shortened. */
export interface PoolingKeys {
  pooling_type: 'mean' | 'max';
  /** The first token is never pooled with others; with truncate_seq the last one makes room for it. */
  separate_cls: boolean;
  truncate_seq: boolean;
}

/** A text at one of its lengths. */
export interface Level {
  length: Dim;
  /** Places of its tokens in the whole text: int64 [length]. */
  places: Tensor;
  segments: Tensor | null;
  mask: Tensor | null;
}

/** Which tokens (places on this axis) meet in each place of the pooled text: int64 [pooled] each; at the end perhaps twice the same. */
function pairs(g: Graph, length: Dim, c: PoolingKeys): { first: Tensor; second: Tensor; count: Dim } {
  const extra = c.separate_cls ? 1 : 0; // the first token once more in front, so that it forms a pair with itself
  const all = c.separate_cls && !c.truncate_seq ? dimAdd(length, 1) : length;
  const count = dimCeilDiv(all, 2);
  const even = mul(range(g, count), 2);
  const odd = minimum(add(even, 1), sub(g.size(all), 1));
  return { first: maximum(sub(even, extra), 0), second: maximum(sub(odd, extra), 0), count };
}

/** x [batch, length, ...] -> [batch, pooled, ...]. */
export function pool(x: Tensor, c: PoolingKeys, least = false): Tensor {
  const { first, second } = pairs(x.graph, x.dim(1), c);
  const [a, b] = [gather(x, first, 1), gather(x, second, 1)];
  if (least) return minimum(a, b);
  return c.pooling_type === 'max' ? maximum(a, b) : mul(add(a, b), 0.5);
}

export function poolLevel(level: Level, c: PoolingKeys): Level {
  const { first, count } = pairs(level.places.graph, level.length, c);
  return {
    length: count,
    places: gather(level.places, first),
    segments: level.segments && gather(level.segments, first, 1),
    mask: level.mask && pool(level.mask, c, true),
  };
}

/** Repeats every token `times` so that the text has its whole length again. */
export function upsample(x: Tensor, times: number, length: Dim, c: PoolingKeys): Tensor {
  if (times === 1) return x;
  if (!c.separate_cls) return slice(repeatInterleave(x, times, 1), 1, 0, length);
  const repeated = repeatInterleave(slice(x, 1, 1), times, 1);
  const padded = c.truncate_seq ? pad(repeated, [0, 0, 0], [0, times - 1, 0]) : repeated;
  return concat([slice(x, 1, 0, 1), slice(padded, 1, 0, dimSub(length, 1))], 1);
}
