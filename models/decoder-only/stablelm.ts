// StableLM: LayerNorms, rotary positions on a quarter of each head, SwiGLU; StableLM 2 adds biases, head norms and parallel parts.
// Tow et al. 2023, "StableLM 3B 4E1T"; Bellagente et al. 2024, arXiv:2402.17834.

import { concat, type Scope, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { headNorm, layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 50304,
  hidden_size: 2560,
  intermediate_size: 6912,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  hidden_act: 'silu',
  max_position_embeddings: 4096,
  layer_norm_eps: 1e-5,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  partial_rotary_factor: 0.25,
  use_qkv_bias: false,
  qk_layernorm: false,
  use_parallel_residual: false,
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'stablelm',
  architectures: ['StableLmForCausalLM'],
  modelTypes: ['stablelm'],
  task: 'text-generation',
  config,
  variants: { stablelm: { checkpoint: 'stabilityai/stablelm-3b-4e1t', parameters: 2_795_443_200, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    partial_rotary_factor: 0.5,
    use_qkv_bias: true,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = c.hidden_size / c.num_attention_heads;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const perHead = (scope: Scope, heads: number) => (x: Tensor) => {
      const weights = scope.layers('norms', heads).map((one) => unsqueeze(one.parameter('weight', [headDim]), 0));
      return headNorm(concat(weights, 0), x, c.layer_norm_eps);
    };
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads,
      bias: [c.use_qkv_bias, c.use_qkv_bias, c.use_qkv_bias, false],
      parallel: c.use_parallel_residual ? 'one norm' : null,
      normalize: (own) =>
        c.qk_layernorm
          ? {
              query: perHead(own.at('q_layernorm'), c.num_attention_heads),
              key: perHead(own.at('k_layernorm'), c.num_key_value_heads),
            }
          : undefined,
      rotate: halfSplit(g, at.positions, ropeOptions(c, Math.trunc(headDim * c.partial_rotary_factor))),
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_eps),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
