// Funnel's layers (Dai et al. 2020, arXiv:2006.03236): attention from a text to itself or to its longer form, with scores from
// distances in either of the paper's two forms.

import {
  add,
  and,
  cast,
  concat,
  dimAdd,
  dimMul,
  dimSub,
  equal,
  greater,
  matmul,
  mul,
  neg,
  or,
  range,
  reshape,
  type Scope,
  slice,
  sub,
  swapAxes,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import type { Level } from './funnel-pooling.js';
import { linear } from './linear.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';
import { classicSinusoids } from './position.js';
import { distanceScores, headBias, headWeight, segmentScores, toHeads } from './xl-attention.js';

/** Keys of the configuration that the layers read. */
export interface LayerKeys {
  d_model: number;
  n_head: number;
  d_head: number;
  d_inner: number;
  hidden_act: string;
  layer_norm_eps: number;
  attention_type: 'relative_shift' | 'factorized';
  /** The first token has no distances and segments. */
  separate_cls: boolean;
}

/** Who looks at whom, and the block whose steps of distance hold. */
export interface Sight {
  from: Level;
  to: Level;
  block: number;
}

/** One layer: the queries x and the keys [batch, length, d_model] of their levels. */
export function funnelLayer(layer: Scope, x: Tensor, keys: Tensor, sight: Sight, c: LayerKeys): Tensor {
  const scope = layer.at('attention');
  const width = c.n_head * c.d_head;
  const q = splitHeads(linear(scope.at('q_head'), x, width, { bias: false }), c.n_head);
  const [k, v] = ['k_head', 'v_head'].map((name) => splitHeads(linear(scope.at(name), keys, width), c.n_head));
  const bias = (name: string): Tensor => headBias(scope, name, c.n_head, c.d_head);
  const scale = c.d_head ** -0.5;
  const mixed = attend(add(q, bias('r_w_bias')), k, v, { scale, mask: otherScores(scope, q, bias, scale, sight, c) });
  const attended = layerNorm(
    scope.at('layer_norm'),
    add(x, linear(scope.at('post_proj'), mergeHeads(mixed), c.d_model)),
    c.layer_norm_eps,
  );
  const names = ['linear_1', 'linear_2'] as const;
  const made = mlp(layer.at('ffn'), attended, { names, hidden: c.d_inner, activation: c.hidden_act });
  return layerNorm(layer.at('ffn.layer_norm'), add(attended, made), c.layer_norm_eps);
}

/** Scores from distances, segments and padding [batch, heads, queries, keys]. */
function otherScores(
  scope: Scope,
  q: Tensor,
  bias: (name: string) => Tensor,
  scale: number,
  sight: Sight,
  c: LayerKeys,
): Tensor {
  const g = scope.graph;
  const { from, to } = sight;
  const shifted = add(q, bias('r_r_bias'));
  let scores =
    c.attention_type === 'factorized' ? factorized(scope, shifted, sight, c) : shift(scope, shifted, sight, c);
  // Without segments all are of one; a first token of type 2 is of every segment.
  const first = (ids: Tensor, axis: number): Tensor => unsqueeze(equal(ids, 2), 1, axis);
  const same =
    from.segments && to.segments
      ? or(
          equal(unsqueeze(from.segments, 1, 3), unsqueeze(to.segments, 1, 2)),
          or(first(from.segments, 3), first(to.segments, 2)),
        )
      : g.constant(1, 'bool');
  scores = add(scores, segmentScores(scope, q, bias('r_s_bias'), same));
  if (c.separate_cls) {
    const [row, column] = [unsqueeze(range(g, from.length), 1), unsqueeze(range(g, to.length), 0)];
    scores = where(and(greater(row, 0), greater(column, 0)), scores, 0);
  }
  scores = mul(scores, scale);
  if (!to.mask) return scores;
  return add(scores, where(unsqueeze(cast(to.mask, 'bool'), 1, 2), 0, g.options.dtype === 'float16' ? -65000 : -1e6));
}

/** Appendix A.2.1: a key for every distance. Pooled queries are two steps of their keys apart. */
function shift(scope: Scope, q: Tensor, { from, to, block }: Sight, c: LayerKeys): Tensor {
  const g = scope.graph;
  const pooled = from !== to;
  const step = pooled ? 2 ** (block - 1) : 2 ** block;
  const count = pooled ? dimAdd(dimMul(2, from.length), to.length) : dimMul(2, from.length);
  const start = pooled ? dimSub(dimMul(2, from.length), c.separate_cls ? 1 : 0) : from.length;
  const distances = mul(sub(g.size(start), range(g, count)), step);
  const relative = toHeads(scope, 'r_kernel', classicSinusoids(distances, c.d_model), c.n_head, c.d_head);
  return distanceScores(q, relative, to.length, pooled ? 2 : 1);
}

/** Appendix A.2.2: the sinusoid of a distance is a sum of products of those of the two places. */
function factorized(scope: Scope, q: Tensor, { from, to }: Sight, c: LayerKeys): Tensor {
  const kernel = reshape(headWeight(scope, 'r_kernel', [c.d_model, c.n_head, c.d_head]), [
    c.d_model,
    c.n_head,
    c.d_head,
  ]);
  const moved = matmul(q, transpose(kernel, [1, 2, 0])); // [batch, heads, queries, d_model]
  const half = c.d_model / 2;
  const waves = (level: Level): [sin: Tensor, cos: Tensor] => {
    const all = classicSinusoids(level.places, c.d_model);
    return [slice(all, 1, 0, half), slice(all, 1, half)];
  };
  const [[qSin, qCos], [kSin, kCos]] = [waves(from), waves(to)];
  const meet = (own: Tensor, other: Tensor): Tensor => matmul(mul(moved, concat([own, own], 1)), swapAxes(other, 0, 1));
  return add(meet(qSin, concat([kCos, kSin], 1)), meet(qCos, concat([neg(kSin), kCos], 1)));
}
