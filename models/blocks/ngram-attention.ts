// ProphetNet's self-attention (Qi et al. 2020, arXiv:2001.04063): a causal main stream, and further streams each of which
// predicts a token farther ahead, from the main stream's keys and its own place.

import {
  add,
  and,
  clip,
  concat,
  dimAdd,
  dimMul,
  equal,
  expand,
  gather,
  gatherElements,
  lessOrEqual,
  matmul,
  mul,
  or,
  range,
  reduceSum,
  reshape,
  type Scope,
  slice,
  softmax,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { extendCache, type Steps } from './cache.js';
import { linear } from './linear.js';
import { additive, keepsKeys } from './mask.js';
import { bucketOf, stepDistances } from './relative-bias.js';

export interface NgramOptions {
  heads: number;
  /** How many streams predict. */
  ngram: number;
  buckets: number;
  maxDistance: number;
  at: Steps;
  /** Additive, of the main stream. */
  mask: Tensor;
  /** The decoder's attention mask [batch, past + seq], where there is one. */
  keys: Tensor | undefined;
  layer: number;
}

/** x [batch, (1 + ngram) * seq, width] -> the same shape; the streams stand one behind the other. */
export function ngramAttention(scope: Scope, x: Tensor, o: NgramOptions): Tensor {
  const width = x.dim(-1) as number;
  const { seq } = o.at;
  const cut = (y: Tensor, axis: number, stream: number): Tensor =>
    slice(y, axis, dimMul(seq, stream), dimMul(seq, stream + 1));
  const heads = (name: string): Tensor => splitHeads(linear(scope.at(name), x, width), o.heads);
  const [q, k, v] = [mul(heads('query_proj'), (width / o.heads) ** -0.5), heads('key_proj'), heads('value_proj')];
  const { key, value } = extendCache(o.layer, cut(k, 2, 0), cut(v, 2, 0)); // [batch, heads, past + seq, width / heads]
  const scores = linear(scope.at('relative_pos_embeddings'), x, o.buckets * o.heads);
  const distances = stepDistances(x.graph, o.at);

  const main = byDistance(mainScores(cut(scores, 1, 0), o), distances, o);
  const mixed = [attend(cut(q, 2, 0), key, value, { scale: 1, mask: add(main, o.mask) })];
  const predicting = streamScores(slice(scores, 1, seq), o);
  const turned = transpose(key, [0, 1, 3, 2]);
  const kept = dimAdd(o.at.past, seq);
  for (let stream = 0; stream < o.ngram; stream++) {
    const [query, own, ownValue] = [q, k, v].map((y) => cut(y, 2, stream + 1));
    const placed = predicting(stream);
    // the stream stands one place ahead of the main stream's keys; its own place has distance 0
    const far = add(
      matmul(query, turned),
      add(byDistance(placed, sub(distances, 1), o), streamMask(distances, stream, o)),
    );
    const near = add(reduceSum(mul(query, own), -1, { keep: true }), slice(placed, -1, 0, 1));
    const weights = softmax(concat([far, near], -1));
    mixed.push(add(matmul(slice(weights, -1, 0, kept), value), mul(slice(weights, -1, kept), ownValue)));
  }
  return linear(scope.at('out_proj'), mergeHeads(concat(mixed, 2)), width);
}

/** [batch, seq, buckets * heads] -> [batch, heads, seq, buckets]. */
function mainScores(scores: Tensor, o: NgramOptions): Tensor {
  return transpose(reshape(scores, [scores.dim(0), o.at.seq, o.buckets, o.heads]), [0, 3, 1, 2]);
}

/**
 * [batch, ngram * seq, buckets * heads] -> [batch, heads, seq, buckets] of each stream. For a whole sequence transformers lays
 * the values out by place, stream and head, and reads them as stream, head and place: the plain form does what it does. Its
 * single steps with a cache, which have one place, do not mix, and nor does the cached form.
 */
function streamScores(scores: Tensor, o: NgramOptions): (stream: number) => Tensor {
  const batch = scores.dim(0);
  const split = reshape(scores, [batch, o.ngram, o.at.seq, o.buckets, o.heads]);
  const laid =
    scores.graph.options.form === 'cached'
      ? transpose(split, [0, 1, 4, 2, 3])
      : reshape(transpose(split, [0, 2, 1, 4, 3]), [batch, o.ngram, o.heads, o.at.seq, o.buckets]);
  return (stream) => gather(laid, stream, 1);
}

/** Each query's score of the bucket of each key: [batch, heads, seq, buckets], distances [seq, keys] -> [batch, heads, seq, keys]. */
function byDistance(scores: Tensor, distances: Tensor, o: NgramOptions): Tensor {
  const far = o.maxDistance;
  const table = Array.from({ length: far + 1 }, (_, size) =>
    bucketOf(-size, { buckets: o.buckets, maxDistance: far, bidirectional: false }),
  );
  const places = gather(scores.graph.constant(table, 'int64'), clip(mul(distances, -1), 0, far));
  const shape = [scores.dim(0), scores.dim(1), ...places.shape];
  return gatherElements(scores, expand(unsqueeze(places, 0, 1), shape), -1);
}

/** Stream n sees the main stream's keys up to n places back, and always the first key. */
function streamMask(distances: Tensor, stream: number, o: NgramOptions): Tensor {
  const first = unsqueeze(equal(range(distances.graph, distances.dim(1)), 0), 0);
  const allowed = unsqueeze(or(lessOrEqual(distances, -stream), first), 0, 1);
  return additive(o.keys ? and(allowed, keepsKeys(o.keys)) : allowed);
}
