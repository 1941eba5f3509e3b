// A text in chunks of one length, and chunks beside their neighbours. How many chunks there are is known at run time only.

import {
  add,
  concat,
  type Dim,
  dimCeilDiv,
  dimMin,
  dimMul,
  type Graph,
  gather,
  lessOrEqual,
  mod,
  range,
  shapeTensor,
  type Tensor,
  where,
} from '../../src/graph/index.js';

/** Another reading of the same values; that the sizes agree is known at run time only. */
export const regroup = (x: Tensor, dims: readonly Dim[]): Tensor =>
  x.graph.node('Reshape', [x, shapeTensor(x.graph, dims)], {}, [{ dtype: x.dtype, shape: dims }])[0];

/** [batch, heads, places, ...] -> [batch, heads, chunks, length, ...]. @param rounds the text is there so many times */
export function toChunks(x: Tensor, places: Dim, length: number, rounds = 1): Tensor {
  const chunks = dimMul(dimCeilDiv(places, length), rounds);
  return regroup(x, [x.dim(0), x.dim(1), chunks, dimMin(places, length), ...x.shape.slice(3)]);
}

/** Each chunk of axis 2 joined with its neighbours along axis 3. */
export function withAdjacent(x: Tensor, before: number, after: number): Tensor {
  const g = x.graph;
  const count = g.size(x.dim(2));
  const shifted = (by: number): Tensor => {
    if (by === 0) return x;
    // A shift by more chunks than there are is none.
    const steps = where(lessOrEqual(g.constant([Math.abs(by)], 'int64'), count), g.constant([by], 'int64'), 0);
    return gather(x, mod(add(add(range(g, x.dim(2)), steps), count), count), 2);
  };
  const parts = Array.from({ length: before + after + 1 }, (_, index) => shifted(index - before));
  return concat(parts, 3);
}

/** The length that a text is filled up to: none longer than the smallest chunk stays as it is. */
export function wholeChunks(g: Graph, seq: Dim, chunkLengths: readonly number[]): Dim {
  const lengths = [...new Set(chunkLengths)];
  const least = Math.min(...lengths);
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const multiple = lengths.reduce((a, b) => (a * b) / divisor(a, b));
  if (multiple === least) return dimMul(dimCeilDiv(seq, least), dimMin(seq, least));
  const whole = g.size(dimMul(multiple, dimCeilDiv(seq, multiple)));
  g.defineDim('whole_seq', where(lessOrEqual(g.size(seq), least), g.size(seq), whole));
  return 'whole_seq';
}
