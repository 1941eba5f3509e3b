// The layers of DeepSeek-V2 and V3: latent attention, dense MLPs first, then routed experts beside shared ones that see every token.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import { nullable } from '../config.js';
import type { HeadsOptions } from './attention.js';
import { preNormLayers } from './decoder.js';
import { type LatentSizes, latentAttention } from './latent-attention.js';
import { gatedMlp } from './mlp.js';
import { mixture } from './moe.js';
import { rmsNorm } from './norm.js';
import type { RopeScaling, Rotation } from './rope.js';
import type { Routing } from './routing.js';

/** Keys of both versions with the defaults that they share. */
export const deepseekFields = {
  num_key_value_heads: nullable<number>('number'),
  q_lora_rank: nullable('number', 1536),
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  attention_bias: false,
  tie_word_embeddings: false,
};

/** Keys of both that change nothing in a forward pass. */
export const DEEPSEEK_IGNORED =
  'head_dim qk_head_dim ep_size moe_layer_freq num_nextn_predict_layers aux_loss_alpha seq_aux'.split(' ');

/** YaRN as the checkpoints state it. */
export const deepseekYarn = (factor: number, mscale: number, original: number): RopeScaling => ({
  rope_type: 'yarn',
  factor,
  beta_fast: 32,
  beta_slow: 1,
  mscale,
  mscale_all_dim: mscale,
  original_max_position_embeddings: original,
});

/** Widths of the small configurations. */
export const deepseekTiny = {
  vocab_size: 99,
  hidden_size: 32,
  intermediate_size: 56,
  moe_intermediate_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  topk_group: 2,
  first_k_dense_replace: 1,
  q_lora_rank: 20,
  kv_lora_rank: 16,
  qk_nope_head_dim: 8,
  qk_rope_head_dim: 8,
  v_head_dim: 12,
};

/** Keys of the configuration that both versions have. */
export interface DeepseekSizes extends LatentSizes {
  num_hidden_layers: number;
  intermediate_size: number;
  hidden_act: string;
  rms_norm_eps: number;
  mlp_bias?: boolean;
  n_routed_experts: number;
  n_shared_experts: number;
  moe_intermediate_size: number;
  /** Layers before this one are dense. */
  first_k_dense_replace: number;
}

export interface DeepseekOptions extends HeadsOptions {
  rotate: Rotation;
  /** Experts of each token: x [batch, seq, width]. */
  route: (gate: Scope, x: Tensor) => Routing;
}

/** Embedded tokens through the layers and the last norm; `scope` holds both. */
export function deepseekLayers(scope: Scope, h: Tensor, c: DeepseekSizes, options: DeepseekOptions): Tensor {
  const { route, ...heads } = options;
  const mlp = (place: Scope, x: Tensor, hidden: number): Tensor =>
    gatedMlp(place, x, { hidden, activation: c.hidden_act, bias: c.mlp_bias });
  return preNormLayers(scope, h, c.num_hidden_layers, {
    norm: (place, x) => rmsNorm(place, x, c.rms_norm_eps),
    attention: (layer, x, index) => latentAttention(layer.at('self_attn'), x, c, { ...heads, layer: index }),
    mlp(layer, x, index) {
      const own = layer.at('mlp');
      if (index < c.first_k_dense_replace) return mlp(own, x, c.intermediate_size);
      const routed = mixture(x, route(own.at('gate'), x), {
        count: c.n_routed_experts,
        expert: (number, rows) => mlp(own.at(`experts.${number}`), rows, c.moe_intermediate_size),
      });
      return add(routed, mlp(own.at('shared_experts'), x, c.moe_intermediate_size * c.n_shared_experts));
    },
  });
}
