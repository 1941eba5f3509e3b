// GPTSAN's spout: a vector that becomes, through eight layers, one more key and value in every layer of the model.

import { concat, type Dim, reshape, type Scope, split, type Tensor, tanh } from '../../src/graph/index.js';
import { attendHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';

/** Of one layer: [batch, heads, 1, width] each. */
export type Spout = [key: Tensor, value: Tensor];

/** Key and value of every layer, from spout [batch, d_spout]; none without one, though its weights are the model's all the same. */
export function spoutHeads(
  scope: Scope,
  spout: Tensor | undefined,
  layers: number,
  c: { d_spout: number; d_model: number; num_heads: number },
): Spout[] {
  const widths = [...Array(8).fill(c.d_spout), 2 * layers * c.d_model];
  if (!spout) {
    widths.forEach((width, i) => {
      scope.parameter(`${2 * i}.weight`, [width, c.d_spout], { transposed: true });
    });
    return [];
  }
  const all = widths.reduce<Tensor>((x, width, i) => {
    const made = linear(scope.at(`${2 * i}`), x, width, { bias: false });
    return i < 8 ? tanh(made) : made;
  }, spout);
  const shape: Dim[] = [spout.dim(0), c.num_heads, 1, c.d_model / c.num_heads];
  const parts = split(all, Array(2 * layers).fill(c.d_model), 1).map((part) => reshape(part, shape));
  return Array.from({ length: layers }, (_, i) => [parts[2 * i], parts[2 * i + 1]]);
}

/** Self-attention of x [batch, seq, d_model] with the spout of the layer in front of its keys. */
export function spoutAttention(
  scope: Scope,
  x: Tensor,
  mask: Tensor,
  spout: Spout | undefined,
  layer: number,
  c: { d_model: number; num_heads: number },
): Tensor {
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    splitHeads(linear(scope.at(name), x, c.d_model, { bias: false }), c.num_heads),
  );
  const [keys, values] = spout ? [concat([spout[0], k], 2), concat([spout[1], v], 2)] : [k, v];
  return linear(scope.at('out_proj'), attendHeads(q, keys, values, { mask, layer }), c.d_model, { bias: false });
}
