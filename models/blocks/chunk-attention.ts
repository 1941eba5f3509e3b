// Reformer's attention (Kitaev, Kaiser and Levskaya 2020, arXiv:2001.04451): sequences are cut into chunks that see their
// neighbours, the last chunk standing before the first. Locality-sensitive hashing first sorts the sequence, so that likely partners
// come to lie in the same chunk. A sequence of one chunk has no neighbours.

import {
  add,
  and,
  argMax,
  cast,
  concat,
  type Dim,
  dimDiv,
  dimMul,
  div,
  equal,
  exp,
  expand,
  full,
  gather,
  gatherND,
  greater,
  greaterOrEqual,
  less,
  log,
  matmul,
  mod,
  mul,
  neg,
  or,
  pow,
  range,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  scatterElements,
  slice,
  sqrt,
  sub,
  swapAxes,
  type Tensor,
  topK,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';

export interface ChunkOptions {
  /** Places of a chunk; divides the length of the sequence. */
  chunk: number;
  before: number;
  after: number;
  causal: boolean;
  /** What is no padding: bool [batch, seq]. */
  kept: Tensor;
  /** The score of a key that may not be seen, by its place: [seq]. */
  hidden: Tensor;
}

export interface HashOptions extends ChunkOptions {
  /** Factors of the number of buckets, each even. */
  buckets: readonly number[];
  /** [heads, width, rounds, half the sum of the factors]. */
  rotations: Tensor;
}

/** q, k, v [batch, heads, seq, width] -> the same shape. */
export function localAttention(q: Tensor, k: Tensor, v: Tensor, o: ChunkOptions): Tensor {
  const [batch, heads, seq, width] = q.shape;
  const places = expand(unsqueeze(range(q.graph, seq), 0, 1), [batch, heads, seq]);
  const scaled = div(k, Math.sqrt(width as number));
  return attendChunks(q, scaled, v, places, o, false).mixed;
}

/** Queries are keys of another length: shared and v [batch, heads, seq, width] -> the same shape. */
export function hashAttention(shared: Tensor, v: Tensor, o: HashOptions): Tensor {
  const [batch, heads, seq, width] = shared.shape as [Dim, Dim, Dim, number];
  const rounds = o.rotations.dim(2) as number;
  const length = dimMul(seq, rounds);
  const order = sortOrder(hashes(shared, o), length); // [batch, heads, length]
  const places = mod(order, shared.graph.size(seq));
  const sorted = (x: Tensor): Tensor => gatherND(x, unsqueeze(places, 3), 2);
  const queries = sorted(shared);
  const norms = sqrt(add(reduceMean(pow(queries, 2), -1, { keep: true }), 1e-6));
  const keys = div(queries, mul(norms, Math.sqrt(width)));
  const { mixed, sums } = attendChunks(queries, keys, sorted(v), places, o, true);

  const steps = expand(range(shared.graph, length), order.shape);
  const undo = scatterElements(full(shared.graph, order.shape, 0, 'int64'), order, steps, 2);
  const unsorted = (x: Tensor): Tensor => gatherND(x, unsqueeze(undo, 3), 2);
  if (rounds === 1) return unsorted(mixed);
  const ofRounds = (x: Tensor): Tensor => reshape(unsorted(x), [batch, heads, rounds, seq, x.dim(3)]);
  const each = ofRounds(sums);
  return reduceSum(mul(ofRounds(mixed), exp(sub(each, logSum(each, 2)))), 2);
}

/**
 * Buckets of all rounds, later rounds behind earlier ones and padding in a bucket of its own: int64 [batch, heads, rounds * seq].
 * A bucket is the largest of the rotated features and their opposites, or the digits of several such choices.
 */
function hashes(x: Tensor, { rotations, buckets, kept }: HashOptions): Tensor {
  const [batch, heads, seq, width] = x.shape as [Dim, Dim, Dim, number];
  const [rounds, half] = [rotations.dim(2) as number, rotations.dim(3) as number];
  const flat = matmul(x, reshape(cast(rotations, x.dtype), [heads, width, rounds * half]));
  const rotated = transpose(reshape(flat, [batch, heads, seq, rounds, half]), [0, 1, 3, 2, 4]);
  let [from, factor] = [0, 1];
  const digits = buckets.map((count) => {
    const part = slice(rotated, 4, from, from + count / 2);
    const digit = mul(argMax(concat([part, neg(part)], 4), 4), factor);
    [from, factor] = [from + count / 2, factor * count];
    return digit;
  });
  const found = where(unsqueeze(kept, 1, 2), digits.reduce(add), factor); // [batch, heads, rounds, seq]
  const offsets = mul(unsqueeze(range(x.graph, rounds), 1), factor + 1);
  return reshape(add(found, offsets), [batch, heads, dimMul(seq, rounds)]);
}

/** Places of the values in ascending order; equal values keep their order. */
function sortOrder(values: Tensor, length: Dim): Tensor {
  const count = values.graph.size(length);
  const distinct = add(mul(values, count), range(values.graph, length));
  return reshape(topK(distinct, count, -1, false)[1], values.shape);
}

/**
 * Attention of each chunk to itself and its neighbours; `places` [batch, heads, length] says where in the sequence a token stands.
 * @param apart whether a token sees itself only where it sees nothing else
 * @returns mixed [batch, heads, length, width] and the logarithms of the sums of exponentials [batch, heads, length, 1]
 */
function attendChunks(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  places: Tensor,
  o: ChunkOptions,
  apart: boolean,
): { mixed: Tensor; sums: Tensor } {
  const [batch, heads, length] = q.shape;
  const chunks = dimDiv(length, o.chunk);
  const cut = (x: Tensor): Tensor => reshape(x, [batch, heads, chunks, o.chunk, ...x.shape.slice(3)]);
  const around = (x: Tensor): Tensor => withChunksAround(cut(x), chunks, o);
  const [from, to] = [unsqueeze(cut(places), 4), unsqueeze(around(places), 3)];
  const kept = expand(unsqueeze(cast(o.kept, 'int64'), 1), [batch, heads, o.kept.dim(1)]);
  const seen = unsqueeze(cast(around(gatherND(kept, unsqueeze(places, 3), 2)), 'bool'), 3);
  const allowed = o.causal ? and(seen, greaterOrEqual(from, to)) : seen;
  const products = matmul(cut(q), swapAxes(around(k), 3, 4)); // [batch, heads, chunks, chunk, keys]
  const masked = where(allowed, products, gather(o.hidden, to));
  const known = apart ? where(equal(from, to), q.dtype === 'float32' ? -1e5 : -1e3, masked) : masked;
  const scores = withoutCopies(known, o);
  const sums = logSum(scores, -1);
  const whole = (x: Tensor): Tensor => reshape(x, [batch, heads, length, x.dim(4)]);
  // no softmax: beside scores as low as -1e5 or -1e9 the sum is rounded, in transformers too
  return { mixed: whole(matmul(exp(sub(scores, sums)), around(v))), sums: whole(sums) };
}

/** log(sum(exp(x))) over an axis, which stays. */
function logSum(x: Tensor, axis: number): Tensor {
  const top = reduceMax(x, axis, { keep: true });
  return add(top, log(reduceSum(exp(sub(x, top)), axis, { keep: true })));
}

/** A sequence of one chunk would be its own neighbour: hides the copies in scores [batch, heads, chunks, chunk, keys]. */
function withoutCopies(scores: Tensor, { before, after, chunk, kept }: ChunkOptions): Tensor {
  if (before + after === 0) return scores;
  const column = range(scores.graph, scores.dim(4));
  const own = and(greaterOrEqual(column, before * chunk), less(column, (before + 1) * chunk));
  return where(or(own, greater(scores.graph.size(kept.dim(1)), chunk)), scores, -Infinity);
}

/** [batch, heads, chunks, chunk, ...] -> [batch, heads, chunks, (before + 1 + after) * chunk, ...]. */
function withChunksAround(x: Tensor, chunks: Dim, { before, after }: ChunkOptions): Tensor {
  const count = x.graph.size(chunks);
  const turned = Array.from({ length: before + 1 + after }, (_, index) => {
    const step = index - before;
    if (step === 0) return x;
    // farther than there are chunks, transformers' slices leave the order as it is
    const shift = mul(cast(greaterOrEqual(count, Math.abs(step)), 'int64'), step);
    return gather(x, mod(add(range(x.graph, chunks), shift), count), 2);
  });
  return concat(turned, 3);
}
