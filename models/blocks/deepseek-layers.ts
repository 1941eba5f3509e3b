// The layers of DeepSeek-V2 and V3: latent attention, dense MLPs first, then routed experts beside shared ones that see every token.

import { add, type Scope, type Tensor } from '../../src/graph/index.js';
import type { HeadsOptions } from './attention.js';
import { preNormLayers } from './decoder.js';
import { type LatentSizes, latentAttention } from './latent-attention.js';
import { gatedMlp } from './mlp.js';
import { mixture } from './moe.js';
import { rmsNorm } from './norm.js';
import type { Rotation } from './rope.js';
import type { Routing } from './routing.js';

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
