// Multi-resolution attention (Zeng et al. 2022, arXiv:2207.10284): scores of all pairs of blocks come from the blocks' means; the
// pairs with the largest are computed in full. What CUDA kernels do in transformers is gathering and summing here.

import {
  abs,
  add,
  cast,
  type Dim,
  dimDiv,
  dimMul,
  div,
  equal,
  exp,
  expand,
  full,
  gatherND,
  greaterOrEqual,
  less,
  lessOrEqual,
  matmul,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  range,
  reduceMax,
  reduceMin,
  reduceSum,
  reshape,
  scatterElements,
  slice,
  sub,
  swapAxes,
  type Tensor,
  topK,
  unsqueeze,
} from '../../src/graph/index.js';
import { fillBlocks } from './local-attention.js';

export interface ResolutionOptions {
  /** Pairs of blocks that are computed in full; a sequence with fewer pairs has them all so. */
  pairs: number;
  /** Whether the other pairs count by their means. */
  means: boolean;
  /** So many first blocks see and are seen in full. */
  first: number;
  /** So many diagonals of pairs are computed in full (half to each side of the main one). */
  diagonal: number;
}

/** Of the CUDA kernels: places of a block, and the least width of a head. */
const BLOCK = 32;
const LEAST_WIDTH = 32;
const PENALTY = 1e4;
const PRIOR = 5e3;
const TINY = 1e-6;

/**
 * @param parts query, key and value [rows, seq, width] of heads as rows
 * @param kept 1 where a place is no padding: [rows, seq]
 * @returns [rows, seq, width]
 */
export function resolutionAttention(
  parts: readonly [Tensor, Tensor, Tensor],
  kept: Tensor,
  o: ResolutionOptions,
): Tensor {
  const [rows, seq, width] = [parts[0].dim(0), parts[0].dim(1), parts[0].dim(2) as number];
  const scale = 1 / Math.sqrt(Math.max(width, LEAST_WIDTH));
  const flags = fillBlocks(kept, BLOCK); // [rows, blocks * 32]
  const blocks = dimDiv(flags.dim(1), BLOCK);
  const mask = reshape(flags, [rows, blocks, BLOCK]);
  const [q, k, v] = parts.map((x) =>
    mul(reshape(fillBlocks(x, BLOCK), [rows, blocks, BLOCK, width]), unsqueeze(mask, 3)),
  );

  const counts = reduceSum(mask, 2); // [rows, blocks]
  const mean = (x: Tensor): Tensor => div(reduceSum(x, 2), unsqueeze(add(counts, TINY), 2));
  const products = mul(matmul(mean(q), swapAxes(mean(k), 1, 2)), scale); // [rows, blocks, blocks]
  const top = reduceMax(products, -1, { keep: true }); // [rows, blocks, 1]
  const empty = less(mul(unsqueeze(counts, 1), unsqueeze(counts, 2)), 0.5);
  const coarse = sub(products, mul(cast(empty, 'float32'), PENALTY));
  const ranks = addPriors(sub(coarse, top), blocks, o);
  const count = minimum(ranks.graph.size(dimMul(blocks, blocks)), o.pairs);
  // each row's best pair ranks 0: where priors leave fewer places than rows, equal ranks decide, and torch's choice among them is its own
  const [best, chosen] = topK(reshape(ranks, [rows, dimMul(blocks, blocks)]), count, 1); // [rows, pairs]

  const across = ranks.graph.size(blocks);
  const [row, column] = [div(chosen, across), mod(chosen, across)];
  const pick = (x: Tensor, which: Tensor): Tensor => gatherND(x, unsqueeze(which, 2), 1);
  const scores = mul(matmul(pick(q, row), swapAxes(pick(k, column), 2, 3)), scale); // [rows, pairs, 32 queries, 32 keys]
  const largest = rowMaxima(scores, row, rows, blocks); // [rows, blocks, 32]
  const hidden = mul(sub(1, unsqueeze(pick(mask, column), 2)), PENALTY);
  const fine = exp(sub(sub(scores, unsqueeze(pick(largest, row), 3)), hidden));
  // sums over the pairs of a row of blocks, as a product with ones where a pair belongs to the row
  const member = cast(equal(unsqueeze(range(row.graph, blocks), 0, 2), unsqueeze(row, 1)), 'float32'); // [rows, blocks, pairs]
  const sums = matmul(member, reshape(matmul(fine, pick(v, column)), [rows, fine.dim(1), BLOCK * width]));
  let result = reshape(sums, [rows, blocks, BLOCK, width]);
  let total = matmul(member, reduceSum(fine, 3)); // [rows, blocks, 32]

  if (o.means) {
    const threshold = unsqueeze(reduceMin(best, 1, { keep: true }), 2);
    const taken = mul(cast(greaterOrEqual(ranks, threshold), 'float32'), PENALTY);
    const rest = mul(exp(sub(sub(coarse, top), taken)), unsqueeze(counts, 1));
    const shift = mul(sub(top, largest), mask); // [rows, blocks, 32]
    const [low, high] = [exp(minimum(shift, 0)), exp(neg(maximum(shift, 0)))];
    const means = unsqueeze(matmul(rest, mean(v)), 2); // [rows, blocks, 1, width]
    result = add(mul(result, unsqueeze(high, 3)), mul(means, unsqueeze(low, 3)));
    total = add(mul(total, high), mul(reduceSum(rest, -1, { keep: true }), low));
  }
  const mixed = mul(div(result, unsqueeze(add(total, TINY), 3)), unsqueeze(mask, 3));
  return slice(reshape(mixed, [rows, dimMul(blocks, BLOCK), width]), 1, 0, seq);
}

/** Raises pairs that are to be chosen first: ranks [rows, blocks, blocks]. */
function addPriors(ranks: Tensor, blocks: Dim, { first, diagonal }: ResolutionOptions): Tensor {
  const places = range(ranks.graph, blocks);
  const [across, down] = [unsqueeze(places, 0), unsqueeze(places, 1)];
  const raise = (x: Tensor, where: Tensor): Tensor => add(x, mul(cast(where, 'float32'), PRIOR));
  let raised = ranks;
  if (diagonal > 0) raised = raise(raised, lessOrEqual(abs(sub(across, down)), Math.floor(diagonal / 2)));
  if (first > 0) raised = raise(raise(raised, less(down, first)), less(across, first));
  return raised;
}

/** The largest score of each query over the chosen pairs, cut to thousandths as the kernel does: [rows, blocks, 32]. */
function rowMaxima(scores: Tensor, row: Tensor, rows: Dim, blocks: Dim): Tensor {
  const best = reduceMax(scores, 3); // [rows, pairs, 32]
  const cut = div(cast(cast(mul(best, 1000), 'int64'), 'float32'), 1000);
  const target = expand(unsqueeze(row, 2), best.shape);
  return scatterElements(full(scores.graph, [rows, blocks, BLOCK], -1e5, 'float32'), target, cut, 1, 'max');
}
