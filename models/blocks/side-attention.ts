// LongT5's encoder attention (Guo et al. 2021, arXiv:2112.07916): tokens see those within a radius, by blocks, and with
// 'transient-global' also the sums of all blocks of tokens.

import {
  abs,
  add,
  and,
  cast,
  concat,
  cumSum,
  type Dim,
  dimCeilDiv,
  dimDiv,
  equal,
  floor,
  full,
  type Graph,
  greaterOrEqual,
  less,
  lessOrEqual,
  matmul,
  minimum,
  mod,
  range,
  reduceMax,
  reduceSum,
  type Scope,
  slice,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { fillBlocks, forBlocks, fromBlocks, toBlocks, wholeBlocks, withNeighbours } from './local-attention.js';
import { lowest } from './mask.js';
import { rmsNorm } from './norm.js';
import { type BucketOptions, bucketScores } from './relative-bias.js';

export interface SideOptions extends Omit<BucketOptions, 'bidirectional'> {
  heads: number;
  headWidth: number;
  epsilon: number;
  /** Tokens see `radius` places to each side. */
  radius: number;
  /** Tokens of a sum; null: no sums. */
  globalBlock: number | null;
  /** 0 and 1 [batch, seq] int64. */
  mask: Tensor;
}

/** Places and sums by token, and the scores that do not depend on the layer. */
interface Plan {
  /** Number of each token's sum, -1 for none: int64 [batch, seq]; null without sums. */
  sums: Tensor | null;
  count: Dim;
  /** [batch * blocks, heads, block, 3 * block + sums]. */
  bias: Tensor;
}

/** Attention of every layer; the first layer holds the tables of relative positions. @param first its scope */
export function sideAttention(first: Scope, o: SideOptions): (scope: Scope, x: Tensor) => Tensor {
  const plan = planOf(first, o);
  const size = o.radius + 1;
  return (scope, x) => {
    const [batch, seq, width] = x.shape as [Dim, Dim, number];
    const made = (name: string, y: Tensor): Tensor => linear(scope.at(name), y, o.heads * o.headWidth, { bias: false });
    const blocks = (y: Tensor): Tensor => fillBlocks(y, size);
    const q = splitHeads(toBlocks(blocks(made('q', x)), size), o.heads);
    const side = plan.sums ? sumsOf(scope, x, plan, o) : null;
    const [k, v] = ['k', 'v'].map((name) => {
      const near = splitHeads(withNeighbours(blocks(made(name, x)), size), o.heads);
      return side ? concat([near, forBlocks(splitHeads(made(name, side), o.heads), dimCeilDiv(seq, size))], 2) : near;
    });
    const mixed = mergeHeads(attend(q, k, v, { scale: 1, mask: plan.bias }));
    const whole = fromBlocks(mixed, batch, wholeBlocks(seq, size));
    return linear(scope.at('o'), slice(whole, 1, 0, seq), width, { bias: false });
  };
}

/** The sums [batch, count, width] of the tokens of each number, normalised. */
function sumsOf(scope: Scope, x: Tensor, plan: Plan, o: SideOptions): Tensor {
  const numbers = unsqueeze(range(x.graph, plan.count), 1);
  const members = cast(equal(unsqueeze(plan.sums!, 1), numbers), x.dtype); // [batch, count, seq]
  return rmsNorm(scope.at('global_input_layer_norm'), matmul(members, x), o.epsilon);
}

function planOf(first: Scope, o: SideOptions): Plan {
  const g = first.graph;
  const [size, { mask }] = [o.radius + 1, o];
  const filled = cast(fillBlocks(mask, size), 'bool');
  const distances = sub(unsqueeze(range(g, 3 * size), 0), unsqueeze(range(g, size, size), 1)); // key - query: [size, 3 * size]
  const seen = and(unsqueeze(toBlocks(filled, size), 2), unsqueeze(withNeighbours(filled, size), 1));
  const near = unsqueeze(and(seen, less(abs(distances), size)), 1);
  const buckets = { ...o, bidirectional: true };
  const scores = bucketScores(first.at('relative_attention_bias'), distances, o.heads, buckets);
  const local = add(where(near, 0, hidden(g)), unsqueeze(transpose(scores, [2, 0, 1]), 0));
  if (o.globalBlock === null) return { sums: null, count: 0, bias: local };

  const sums = sumNumbers(mask, o.globalBlock);
  const count = dimDiv(mask.dim(1), o.globalBlock);
  // shapes with `count`, which may be 0, are not reshaped
  const [ids, kept] = [sums, mask].map((y) => toBlocks(fillBlocks(y, size), size)); // [batch * blocks, size]
  const last = forBlocks(reduceMax(sums, -1, { keep: true }), dimCeilDiv(mask.dim(1), size));
  const used = lessOrEqual(unsqueeze(range(g, count), 0), last); // [batch * blocks, count]
  // padding thus sees the sums that are not used
  const open = equal(unsqueeze(kept, 2), unsqueeze(cast(used, 'int64'), 1));
  const ahead = sub(unsqueeze(range(g, count), 0, 1), unsqueeze(ids, 2));
  const far = bucketScores(first.at('global_relative_attention_bias'), ahead, o.heads, buckets);
  const side = add(transpose(far, [0, 3, 1, 2]), unsqueeze(where(open, 0, hidden(g)), 1));
  return { sums, count, bias: concat([local, side], -1) };
}

/** What transformers adds to scores that do not count: finite, so that a place that sees nothing sees all alike. */
const hidden = (g: Graph): number => Math.max(lowest(g), -1e10);

/** The number of the sum that each token belongs to; tokens behind the last whole block belong to it, padding to none (-1). */
function sumNumbers(mask: Tensor, block: number): Tensor {
  const g = mask.graph;
  const seq = mask.dim(1);
  // by running sums in the precisions of torch, whose roundings show where `block` is no power of two
  const share = Math.fround(1 / block);
  const run = cast(cumSum(full(g, [seq], share, 'float64'), 0), 'float32');
  const number = cast(floor(sub(add(sub(run, share), 1), 1)), 'int64');
  const own = where(cast(mask, 'bool'), number, g.constant(-1, 'int64')); // [batch, seq]
  const isEnd = equal(mod(range(g, seq), block), block - 1);
  const whole = cast(and(isEnd, greaterOrEqual(own, 0)), 'int64');
  return minimum(own, sub(reduceSum(whole, -1, { keep: true }), 1));
}
