// Attention within chunks of neighbours (Kitaev et al. 2020, arXiv:2001.04451): neighbours in the text, or neighbours after tokens
// with similar vectors were sorted together (locality-sensitive hashing). A text of one chunk gets plain attention.

import {
  add,
  and,
  argMax,
  argSort,
  branch,
  concat,
  type Dim,
  dimMul,
  einsum,
  equal,
  exp,
  expand,
  type Graph,
  gatherElements,
  gatherND,
  greaterOrEqual,
  lessOrEqual,
  matmul,
  mod,
  mul,
  neg,
  range,
  reduceLogSumExp,
  reduceSum,
  reshape,
  slice,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { regroup, toChunks, withAdjacent } from './chunks.js';
import { rmsNorm } from './norm.js';

export interface ChunkOptions {
  /** Places of a chunk. */
  length: number;
  /** How many chunks before and behind its own a place sees; those of the first chunk are at the end of the text. */
  before: number;
  after: number;
  causal: boolean;
  /** What is no padding: bool [batch, places]. */
  kept: Tensor;
}

/** Values that stand for "may not look" and "looks at itself". */
const blocked = (g: Graph): number => (g.options.dtype === 'float16' ? -1e4 : -1e9);
const itself = (g: Graph): number => (g.options.dtype === 'float16' ? -1e3 : -1e5);

/** Runs one of two ways of attention: over a text of one chunk, or over chunks. Tensors given are [batch, heads, places, width]. */
function byLength(
  o: ChunkOptions,
  given: Tensor[],
  whole: (x: Tensor[]) => Tensor,
  chunked: (x: Tensor[]) => Tensor,
): Tensor {
  const g = given[0].graph;
  const short = reshape(lessOrEqual(g.size(given[0].dim(2)), o.length), []);
  const inside = (way: (x: Tensor[]) => Tensor) => (own: Graph) => [way(given.map((tensor) => own.identity(tensor)))];
  return reshape(branch(short, inside(whole), inside(chunked))[0], given[0].shape);
}

/** Weighted values, and the logarithms of the sums of the exponentials of the scores. Not a softmax: rows that see nothing do not sum to one. */
function weigh(q: Tensor, k: Tensor, v: Tensor, sees: Tensor, own: Tensor | null): { mixed: Tensor; size: Tensor } {
  const g = q.graph;
  let scores = where(sees, matmul(q, swapAxes(k, k.rank - 2, k.rank - 1)), blocked(g));
  if (own) scores = where(own, itself(g), scores);
  const size = reduceLogSumExp(scores, -1, { keep: true });
  return { mixed: matmul(exp(sub(scores, size)), v), size };
}

/** What queries at these places may see of keys at those: bool [..., queries, keys]. */
function sight(queries: Tensor, keys: Tensor, kept: Tensor, o: ChunkOptions): Tensor {
  const allowed = unsqueeze(kept, kept.rank - 1);
  const [q, k] = [unsqueeze(queries, queries.rank), unsqueeze(keys, keys.rank - 1)];
  return o.causal ? and(greaterOrEqual(q, k), allowed) : allowed;
}

/** q, k and v [batch, heads, places, width] -> the same shape; k is scaled. */
export function localAttention(q: Tensor, k: Tensor, v: Tensor, o: ChunkOptions): Tensor {
  const [batch, , length] = q.shape;
  const places = unsqueeze(range(q.graph, length), 0, 1); // [1, 1, places]
  const kept = unsqueeze(o.kept, 1);
  const chunks = (x: Tensor): Tensor => toChunks(x, length, o.length);
  return byLength(
    o,
    [q, k, v],
    ([a, b, c]) => weigh(a, b, c, sight(places, places, kept, o), null).mixed,
    ([a, b, c]) => {
      const near = (x: Tensor): Tensor => withAdjacent(chunks(x), o.before, o.after);
      const sees = sight(chunks(places), near(places), near(kept), o);
      return regroup(weigh(chunks(a), near(b), near(c), sees, null).mixed, [batch, a.dim(1), length, a.dim(3)]);
    },
  );
}

export interface HashOptions extends ChunkOptions {
  /** Sizes whose product is the number of buckets; all even. */
  buckets: readonly number[];
  rounds: number;
  /** Random directions [heads, width, rounds, sum of the sizes / 2]. */
  rotations: Tensor;
}

/** Buckets of the vectors in every round, int64 [batch, heads, rounds, places]; padding has one of its own. */
function hash(vectors: Tensor, o: HashOptions): Tensor {
  const turned = einsum('bmtd,mdhr->bmhtr', vectors, o.rotations);
  let [sum, from, factor] = [null as Tensor | null, 0, 1];
  for (const size of o.buckets) {
    const part = slice(turned, -1, from, from + size / 2);
    const bucket = mul(argMax(concat([part, neg(part)], -1), -1), factor);
    sum = sum ? add(sum, bucket) : bucket;
    from += size / 2;
    factor *= size;
  }
  const rounds = mul(unsqueeze(range(vectors.graph, o.rounds), 1), factor + 1);
  return add(where(unsqueeze(o.kept, 1, 2), sum!, vectors.graph.constant(factor, 'int64')), rounds);
}

/** Shared queries and keys qk and values v [batch, heads, places, width] -> the same shape. A place sees itself only if nothing else. */
export function hashedAttention(qk: Tensor, v: Tensor, o: HashOptions): Tensor {
  const g = qk.graph;
  const [batch, heads, length, width] = qk.shape as [Dim, number, Dim, number];
  const keysOf = (x: Tensor): Tensor => mul(rmsNorm(g.at(''), x, 1e-6, { scaled: false }), width ** -0.5);
  const places = unsqueeze(range(g, length), 0, 1);
  const all = dimMul(length, o.rounds);
  return byLength(
    o,
    [qk, v],
    ([a, c]) => {
      const own = equal(unsqueeze(places, 3), unsqueeze(places, 2));
      return weigh(a, keysOf(a), c, sight(places, places, unsqueeze(o.kept, 1), o), own).mixed;
    },
    ([a, c]) => {
      const found = reshape(hash(a, o), [batch, heads, all]);
      // Equal buckets keep the order of the text.
      const order = argSort(add(mul(found, g.size(all)), range(g, all)));
      const place = mod(order, g.size(length));
      const chunks = (x: Tensor): Tensor => toChunks(x, length, o.length, o.rounds);
      const sorted = (x: Tensor): Tensor => chunks(gatherND(x, unsqueeze(place, 3), 2));
      const near = (x: Tensor): Tensor => withAdjacent(x, o.before, o.after);
      const [q, values, at] = [sorted(a), near(sorted(c)), chunks(place)];
      const others = near(at);
      const kept = near(chunks(gatherElements(expand(unsqueeze(o.kept, 1), [batch, heads, length]), place, 2)));
      const own = equal(unsqueeze(at, 4), unsqueeze(others, 3));
      const { mixed, size } = weigh(q, near(keysOf(q)), values, sight(at, others, kept, o), own);
      const undo = argSort(order);
      const back = gatherND(regroup(mixed, [batch, heads, all, width]), unsqueeze(undo, 3), 2);
      if (o.rounds === 1) return back;
      const sizes = gatherElements(regroup(size, [batch, heads, all]), undo, 2);
      const perRound = reshape(sizes, [batch, heads, o.rounds, length, 1]);
      const share = exp(sub(perRound, reduceLogSumExp(perRound, 2, { keep: true })));
      return reduceSum(mul(reshape(back, [batch, heads, o.rounds, length, width]), share), 2);
    },
  );
}
