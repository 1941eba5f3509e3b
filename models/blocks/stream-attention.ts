// XLNet's attention (Yang et al. 2019, arXiv:1906.08237): Transformer-XL's in both directions, from the words or from a second stream
// that knows places only.

import {
  add,
  and,
  cast,
  clip,
  concat,
  cos,
  type Dim,
  dimAdd,
  type Graph,
  gather,
  greater,
  greaterOrEqual,
  lessOrEqual,
  matmul,
  mul,
  neg,
  not,
  or,
  range,
  reshape,
  type Scope,
  sin,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { sharedProduct } from './linear.js';
import { layerNorm } from './norm.js';
import { distanceScores, headBias, headWeight, segmentScores, toHeads } from './xl-attention.js';

/** Keys of the configuration that attention reads. */
export interface StreamKeys {
  d_model: number;
  n_head: number;
  attn_type: 'bi' | 'uni';
  same_length: boolean;
  clamp_len: number;
  bi_data: boolean;
  layer_norm_eps: number;
}

/** What a token may not see: bool [batch or 1, 1, seq, seq], or null where it sees all. */
export function hiddenKeys(
  g: Graph,
  seq: Dim,
  attention: Tensor | undefined,
  permutation: Tensor | undefined,
  c: StreamKeys,
): Tensor | null {
  const parts: Tensor[] = [];
  if (c.attn_type === 'uni') {
    const [query, key] = [unsqueeze(range(g, seq), 1), unsqueeze(range(g, seq), 0)];
    const seen = lessOrEqual(key, query);
    parts.push(unsqueeze(not(c.same_length ? and(seen, greaterOrEqual(key, query)) : seen), 0, 1));
  }
  if (attention) parts.push(unsqueeze(not(cast(attention, 'bool')), 1, 2));
  if (permutation) parts.push(unsqueeze(greater(permutation, 0), 1));
  return parts.length === 0 ? null : parts.reduce((all, part) => or(all, part));
}

/** Sinusoids of the distances: [distances, d_model], or [2, distances, d_model] and which of the two each row takes. */
export function seenDistances(g: Graph, seq: Dim, batch: Dim, c: StreamKeys): { table: Tensor; rows: Tensor | null } {
  const count = dimAdd(seq, c.attn_type === 'bi' ? seq : 1);
  const falling = sub(g.size(seq), range(g, count)); // seq, seq - 1, ...
  const clamped = c.clamp_len > 0 ? clip(falling, -c.clamp_len, c.clamp_len) : falling;
  const frequencies = Array.from({ length: c.d_model / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(10000 ** Math.fround((2 * i) / c.d_model))),
  );
  const waves = (place: Tensor): Tensor => {
    const angle = mul(unsqueeze(cast(place, 'float32'), 1), g.constant(frequencies, 'float32'));
    return cast(concat([sin(angle), cos(angle)], 1), g.options.dtype);
  };
  if (!c.bi_data) return { table: waves(clamped), rows: null };
  const table = concat([unsqueeze(waves(clamped), 0), unsqueeze(waves(neg(clamped)), 0)], 0);
  const half = g.node('Div', [g.size(batch), g.constant([2], 'int64')], {}, [{ dtype: 'int64', shape: [1] }])[0];
  return { table, rows: cast(greaterOrEqual(range(g, batch), half), 'int64') };
}

export interface Sight {
  places: ReturnType<typeof seenDistances>;
  different: Tensor | null;
  mask: Tensor | null;
}

/**
 * Content states h [batch, seq, d_model] seen by x, which is h itself, or [batch, predictions, d_model] that `mapping` puts at its
 * places in the text and takes from there.
 */
export function streamAttention(
  scope: Scope,
  x: Tensor,
  h: Tensor,
  sight: Sight,
  c: StreamKeys,
  mapping?: Tensor,
): Tensor {
  const width = c.d_model / c.n_head;
  const project = (name: string, from: Tensor): Tensor => toHeads(scope, name, from, c.n_head, width);
  const bias = (name: string): Tensor => headBias(scope, name, c.n_head, width);
  const queries = (): Tensor => {
    if (!mapping) return project('q', x);
    const flat = matmul(x, headWeight(scope, 'q', [c.d_model, c.n_head, width]));
    return splitHeads(matmul(swapAxes(mapping, 1, 2), flat), c.n_head);
  };
  const [q, k, v] = [queries(), project('k', h), project('v', h)];
  const { table, rows } = sight.places;
  const relative = project('r', table); // [heads, distances, width], or [2, heads, distances, width]
  const scale = width ** -0.5;
  let scores = distanceScores(add(q, bias('r_r_bias')), rows ? gather(relative, rows) : relative, k.dim(2));
  if (sight.different) scores = add(scores, segmentScores(scope, q, bias('r_s_bias'), sight.different));
  scores = mul(scores, scale);
  const mixed = mergeHeads(
    attend(add(q, bias('r_w_bias')), k, v, { scale, mask: sight.mask ? add(scores, sight.mask) : scores }),
  );
  const out = sharedProduct(
    mapping ? matmul(mapping, mixed) : mixed,
    reshape(headWeight(scope, 'o', [c.d_model, c.n_head, width]), [c.d_model, c.d_model]),
  );
  return layerNorm(scope.at('layer_norm'), add(out, x), c.layer_norm_eps);
}
