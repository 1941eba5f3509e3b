// Scores from distances as Transformer-XL has them (Dai et al. 2019, arXiv:1901.02860): the query meets a key of its own for every
// distance, and learned biases stand for the query's side; XLNet and Funnel add scores for the pair of segments.

import {
  add,
  type Dim,
  dimMul,
  dimSub,
  matmul,
  reshape,
  type Scope,
  slice,
  swapAxes,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';

/** The weight `<scope>.<name>` [in, heads, width] of a projection to heads, as the matrix [in, heads * width]. */
export function headWeight(scope: Scope, name: string, [inner, heads, width]: [number, number, number]): Tensor {
  return scope.parameter(name, [inner, heads, width], { storedShape: [inner, heads * width] });
}

/** x [..., in] by `headWeight` of these sizes: [batch, seq, in] -> [batch, heads, seq, width]; [seq, in] -> [heads, seq, width]. */
export function toHeads(scope: Scope, name: string, x: Tensor, heads: number, width: number): Tensor {
  const made = matmul(x, headWeight(scope, name, [x.dim(-1) as number, heads, width]));
  const split = reshape(made, [...made.shape.slice(0, -1), heads, width]);
  return split.rank === 4 ? transpose(split, [0, 2, 1, 3]) : transpose(split, [1, 0, 2]);
}

/** A bias `<scope>.<name>` [heads, width] of queries [batch, heads, seq, width]. */
export const headBias = (scope: Scope, name: string, heads: number, width: number): Tensor =>
  unsqueeze(scope.parameter(name, [heads, width]), 1);

/**
 * Scores by distance become scores by key: result[i][j] = x[i][step * (queries - i) + j]. Row t of the relative keys thus belongs to
 * the distance that decreases with t. What lies beyond the last distance is meaningless and must be masked.
 * @param x [batch, heads, queries, distances]
 * @returns [batch, heads, queries, keys]
 */
export function relativeShift(x: Tensor, keys: Dim, step = 1): Tensor {
  const [batch, heads, queries, distances] = x.shape;
  const flat = reshape(x, [batch, heads, dimMul(queries, distances)]);
  const from = slice(flat, 2, dimMul(queries, step));
  return slice(reshape(from, [batch, heads, queries, dimSub(distances, step)]), 3, 0, keys);
}

/** @param q queries with their bias @param relative keys of the distances [..., heads, distances, width] */
export function distanceScores(q: Tensor, relative: Tensor, keys: Dim, step = 1): Tensor {
  return relativeShift(matmul(q, swapAxes(relative, relative.rank - 2, relative.rank - 1)), keys, step);
}

/**
 * One of two learned scores per query: `<scope>.seg_embed` [2, heads, width] meets q + `<scope>.r_s_bias`.
 * @param second where the second counts: bool [batch, 1, queries, keys]
 * @param bias of the queries [heads, 1, width]
 */
export function segmentScores(scope: Scope, q: Tensor, bias: Tensor, second: Tensor): Tensor {
  const [heads, width] = [q.dim(1) as number, q.dim(3) as number];
  const kinds = transpose(scope.parameter('seg_embed', [2, heads, width]), [1, 2, 0]); // [heads, width, 2]
  const scores = matmul(add(q, bias), kinds);
  return where(second, slice(scores, 3, 1, 2), slice(scores, 3, 0, 1));
}
