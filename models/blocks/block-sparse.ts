// BigBird's attention (Zaheer et al. 2020, arXiv:2007.14062), in evaluation as transformers computes it: the first and the last
// block see all, and the others the first, the last and their neighbours; what are random blocks in training is the first block
// again, so that it counts several times.

import {
  add,
  and,
  branch,
  cast,
  concat,
  type Dim,
  dimDiv,
  dimMul,
  dimSub,
  equal,
  expand,
  type Graph,
  greaterOrEqual,
  less,
  lessOrEqual,
  mul,
  not,
  or,
  range,
  reshape,
  slice,
  sub,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { fillBlocks, forBlocks, toBlocks, wholeBlocks } from './local-attention.js';
import { additive, lowest } from './mask.js';

export interface SparseOptions {
  heads: number;
  block: number;
  /** Random blocks of each block. */
  random: number;
}

/** What transformers adds to the scores of padding. */
const PENALTY = -10000;

/**
 * Attention of sequences longer than (5 + 2 * random) blocks; shorter ones attend in full.
 * @param parts query, key and value [batch, seq, width]
 * @param kept what is no padding: bool [batch, seq]
 * @returns [batch, seq, width], before the output layer
 */
export function sparseAttention(parts: readonly [Tensor, Tensor, Tensor], kept: Tensor, o: SparseOptions): Tensor {
  const g = kept.graph;
  const enough = (5 + 2 * o.random) * o.block;
  const short = reshape(lessOrEqual(g.size(kept.dim(1)), enough), []);
  // what a branch computes must come from tensors of its own
  const own = (inner: Graph) => ({
    q: inner.identity(parts[0]),
    k: inner.identity(parts[1]),
    v: inner.identity(parts[2]),
  });
  const [made] = branch(
    short,
    (inner) => [whole(own(inner), inner.identity(kept), o)],
    (inner) => [sparse(own(inner), inner.identity(kept), o)],
  );
  return made;
}

interface Parts {
  q: Tensor;
  k: Tensor;
  v: Tensor;
}

function whole({ q, k, v }: Parts, kept: Tensor, o: SparseOptions): Tensor {
  const [queries, keys, values] = [q, k, v].map((y) => splitHeads(y, o.heads));
  return mergeHeads(attend(queries, keys, values, { mask: additive(unsqueeze(kept, 1, 2)) }));
}

function sparse(parts: Parts, kept: Tensor, o: SparseOptions): Tensor {
  const [batch, seq, width] = parts.q.shape;
  const size = o.block;
  const [q, k, v] = [parts.q, parts.k, parts.v].map((y) => fillBlocks(y, size));
  const length = wholeBlocks(seq, size);
  const middle = dimSub(dimDiv(length, size), 2); // blocks between the first and the last
  const mask = mul(cast(not(cast(fillBlocks(cast(kept, 'int64'), size), 'bool')), q.dtype), PENALTY); // [batch, length]
  const head = (y: Tensor): Tensor => splitHeads(y, o.heads);
  const cut = (y: Tensor, from: Dim, to: Dim): Tensor => slice(y, 1, from, to);
  const first = (y: Tensor): Tensor => cut(y, 0, size);
  const last = (y: Tensor): Tensor => cut(y, dimSub(length, size), length);

  const around = (y: Tensor): Tensor =>
    concat(
      [0, 1, 2].map((part) => toBlocks(cut(y, part * size, dimSub(length, (2 - part) * size)), size)),
      1,
    ); // [batch * middle, 3 * size, ...]
  const near = (y: Tensor): Tensor =>
    concat([forBlocks(head(first(y)), middle), head(around(y)), forBlocks(head(last(y)), middle)], 2);
  const often = Math.log(o.random + 1); // the first block counts as itself and as the random ones
  const scores = concat([forBlocks(add(first(mask), often), middle), around(mask), forBlocks(last(mask), middle)], 1);
  const hidden = where(repeated(q.graph, middle, size, batch), lowest(q.graph), scores); // [batch * middle, 5 * size]
  const inner = attend(head(toBlocks(cut(q, size, dimSub(length, size)), size)), near(k), near(v), {
    mask: unsqueeze(hidden, 1, 2),
  });
  const full = (y: Tensor): Tensor => mergeHeads(attend(head(y), head(k), head(v), { mask: unsqueeze(mask, 1, 2) }));
  const between = reshape(mergeHeads(inner), [batch, dimMul(size, middle), width]);
  const made = concat([full(first(q)), between, full(last(q))], 1);
  return mul(cut(made, 0, seq), unsqueeze(cast(kept, q.dtype), 2));
}

/** Neighbours that are the first or the last block, which all blocks see anyway: bool [batch * middle, 5 * size]. */
function repeated(g: Graph, middle: Dim, size: number, batch: Dim): Tensor {
  const block = unsqueeze(range(g, middle), 1);
  const place = unsqueeze(range(g, 5 * size), 0);
  const within = (from: number, to: number): Tensor => and(greaterOrEqual(place, from), less(place, to));
  const before = and(equal(block, 0), within(size, 2 * size));
  const behind = and(equal(sub(block, g.size(dimSub(middle, 1))), 0), within(3 * size, 4 * size));
  const both = unsqueeze(or(before, behind), 0);
  return reshape(expand(both, [batch, middle, 5 * size]), [dimMul(batch, middle), 5 * size]);
}
