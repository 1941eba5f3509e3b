// Zamba's shared layer: attention and MLP without residuals over the layer's input and the words side by side, so twice as wide.
// Glorioso et al. 2024, arXiv:2405.16712.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attendHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { gatedMlp } from './mlp.js';
import { rmsNorm } from './norm.js';

export interface WideKeys {
  hidden_size: number;
  attention_hidden_size: number | null;
  intermediate_size: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  attention_head_dim: number | null;
  hidden_act: string;
  rms_norm_eps: number;
}

/** x [batch, seq, 2 * hidden_size] -> [batch, seq, hidden_size]. @throws UsageError for another attention_hidden_size */
export function wideLayer(scope: Scope, x: Tensor, c: WideKeys, at: { mask: Tensor; layer: number }): Tensor {
  const width = c.attention_hidden_size ?? 2 * c.hidden_size;
  if (width !== 2 * c.hidden_size)
    throw new UsageError(`attention_hidden_size: expected ${2 * c.hidden_size}, twice hidden_size, got ${width}`);
  const headDim = c.attention_head_dim ?? Math.floor((2 * c.hidden_size) / c.num_attention_heads);
  const own = scope.at('self_attn');
  const normal = rmsNorm(scope.at('input_layernorm'), x, c.rms_norm_eps);
  const project = (name: string, heads: number): Tensor =>
    splitHeads(linear(own.at(name), normal, heads * headDim, { bias: false }), heads);
  const mixed = attendHeads(
    project('q_proj', c.num_attention_heads),
    project('k_proj', c.num_key_value_heads),
    project('v_proj', c.num_key_value_heads),
    { ...at, scale: (headDim / 2) ** -0.5 },
  );
  const seen = linear(own.at('o_proj'), mixed, c.hidden_size, { bias: false });
  return gatedMlp(scope.at('feed_forward'), rmsNorm(scope.at('pre_ff_layernorm'), seen, c.rms_norm_eps), {
    hidden: c.intermediate_size,
    activation: c.hidden_act,
  });
}
