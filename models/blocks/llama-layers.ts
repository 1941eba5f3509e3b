// The Llama layer stack, which many decoders share and multimodal models use as their text part.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { type AttentionOptions, attention } from './attention.js';
import type { Steps } from './cache.js';
import { headWidth, type LayerParts, preNormLayers } from './decoder.js';
import { causalMask } from './mask.js';

/** Options of attention and layers that are the same in every layer; biases default to none. */
export interface LlamaOptions
  extends Pick<
      AttentionOptions,
      'heads' | 'kvHeads' | 'headDim' | 'bias' | 'names' | 'scale' | 'softcap' | 'adjust' | 'rotate'
    >,
    Pick<LayerParts, 'norm' | 'mlp' | 'parallel' | 'residual'> {
  layers: number;
  /** Norms of queries and keys over the width of a head. */
  normalize?: (attention: Scope) => AttentionOptions['normalize'];
  /** Window of each layer; null or absent sees all. */
  windows?: readonly (number | null)[];
  layerNames?: LayerParts['names'];
}

/** Keys that the configurations of such decoders share; without num_key_value_heads every head has its own. */
export interface LlamaKeys {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number | null;
  head_dim?: number | null;
}

export const llamaSizes = (c: LlamaKeys): Required<Pick<LlamaOptions, 'layers' | 'heads' | 'kvHeads' | 'headDim'>> => ({
  layers: c.num_hidden_layers,
  heads: c.num_attention_heads,
  kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
  headDim: headWidth(c),
});

/**
 * Embedded tokens through the layers and the last norm: [batch, seq, width].
 * @param scope holds `layers` and `norm`
 * @param mask attention_mask [batch, past + seq]
 */
export function llamaLayers(scope: Scope, h: Tensor, at: Steps, mask: Tensor | undefined, o: LlamaOptions): Tensor {
  return preNormLayers(scope, h, o.layers, {
    norm: o.norm,
    mlp: o.mlp,
    parallel: o.parallel,
    residual: o.residual,
    names: o.layerNames,
    attention: (layer, x, index) => {
      const own = layer.at('self_attn');
      const window = o.windows?.[index] ?? null;
      return attention(own, x, {
        ...o,
        bias: o.bias ?? false,
        normalize: o.normalize?.(own),
        mask: causalMask(scope.graph, at, mask, window),
        window,
        layer: index,
      });
    },
  });
}
