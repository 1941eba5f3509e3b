// The chunked form of Mamba-2's recurrence (Dao and Gu 2024, arXiv:2405.21060): since the decay of a head is one number, a chunk of
// tokens is a matrix product like attention's, and only the states between chunks are a recurrence.

import {
  add,
  cumSum,
  type Dim,
  dimCeilDiv,
  dimMin,
  dimMul,
  dimSub,
  exp,
  greater,
  greaterOrEqual,
  matmul,
  mul,
  pad,
  range,
  reduceSum,
  reshape,
  slice,
  swapAxes,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { linearRecurrence } from './linear-recurrence.js';

export interface StateSpaceDual {
  /** [batch, seq, heads, width]. */
  x: Tensor;
  /** Time steps [batch, seq, heads], positive. */
  step: Tensor;
  /** Rate of each head [heads], negative. */
  rate: Tensor;
  /** What enters the states and what is read from them [batch, seq, groups, states]; a group serves heads / groups neighbours. */
  b: Tensor;
  c: Tensor;
  /** States before the first token [batch, heads, states, width]. */
  start: Tensor;
  chunk: number;
}

/**
 * h_t = exp(rate step_t) h_(t-1) + step_t x_t B_t and y_t = C_t h_t; all float32.
 * @returns y [batch, seq, heads, width] and the last states
 */
export function stateSpaceDual({ x, step, rate, b, c, start, chunk }: StateSpaceDual): { y: Tensor; last: Tensor } {
  const g = x.graph;
  const [batch, seq, heads, width] = x.shape as [Dim, Dim, number, number];
  const [groups, states] = [b.dim(2) as number, b.dim(3) as number];
  const each = heads / groups;
  const size = dimMin(seq, chunk); // a single token is a chunk of its own
  const chunks = dimCeilDiv(seq, chunk);
  const rest = dimSub(dimMul(chunks, size), seq);
  // Padding behind the last token has no input and does not decay, so it changes no state.
  const whole = (t: Tensor): Tensor => {
    const zeros = t.shape.map(() => 0 as Dim);
    return pad(t, zeros, [0, rest, ...zeros.slice(2)]);
  };
  const perGroup = (t: Tensor): Tensor =>
    transpose(reshape(whole(t), [batch, chunks, size, groups, states]), [0, 1, 3, 2, 4]);
  const [into, from] = [perGroup(b), perGroup(c)]; // [batch, chunks, groups, size, states]
  const inflow = transpose(
    reshape(whole(mul(x, unsqueeze(step, 3))), [batch, chunks, size, groups, each, width]),
    [0, 1, 3, 4, 2, 5],
  );
  const decay = reshape(transpose(reshape(whole(mul(step, rate)), [batch, chunks, size, heads]), [0, 1, 3, 2]), [
    batch,
    chunks,
    groups,
    each,
    size,
  ]);

  // Within a chunk: place i takes from j what the decays of j + 1 .. i leave. They are summed for each j, not taken as the
  // difference of two sums, which would cancel where decays are strong.
  const [row, column] = [unsqueeze(range(g, size), 1), unsqueeze(range(g, size), 0)];
  const later = where(greater(row, column), unsqueeze(decay, 5), 0);
  const left = where(greaterOrEqual(row, column), exp(cumSum(later, 4)), 0);
  const scores = unsqueeze(matmul(from, swapAxes(into, 3, 4)), 3);
  const within = matmul(mul(scores, left), inflow); // [batch, chunks, groups, each, size, width]

  // Across chunks: what each leaves behind, and what the states before it give to its places.
  const toEnd = unsqueeze(exp(cumSum(decay, 4, { exclusive: true, reverse: true })), 5);
  const added = matmul(unsqueeze(swapAxes(into, 3, 4), 3), mul(inflow, toEnd));
  const survives = unsqueeze(exp(reduceSum(decay, 4)), 4, 5);
  const { states: before, last } = linearRecurrence(
    survives,
    added,
    reshape(start, [batch, groups, each, states, width]),
    { before: true },
  );
  const across = mul(matmul(unsqueeze(from, 3), before), unsqueeze(exp(cumSum(decay, 4)), 5));

  const y = transpose(add(within, across), [0, 1, 4, 2, 3, 5]);
  return {
    y: slice(reshape(y, [batch, dimMul(chunks, size), heads, width]), 1, 0, seq),
    last: reshape(last, [batch, heads, states, width]),
  };
}
