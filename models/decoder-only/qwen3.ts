// Qwen3: Llama's layers with an RMSNorm over each head's queries and keys, and heads wider than width / heads.
// Yang et al. 2025, arXiv:2505.09388.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, layerWindows } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { headNorms, rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 151936,
  hidden_size: 4096,
  intermediate_size: 22016,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: nullable('number', 32),
  head_dim: 128,
  hidden_act: 'silu',
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  attention_bias: false,
  use_sliding_window: false,
  sliding_window: nullable('number', 4096),
  max_window_layers: 28,
  layer_types: nullable<string[]>('array'),
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'qwen3',
  architectures: ['Qwen3ForCausalLM'],
  modelTypes: ['qwen3'],
  task: 'text-generation',
  config,
  variants: {
    qwen3: {
      checkpoint: 'Qwen/Qwen3-0.6B',
      parameters: 596_049_920,
      config: {
        hidden_size: 1024,
        intermediate_size: 3072,
        num_hidden_layers: 28,
        num_attention_heads: 16,
        num_key_value_heads: 8,
        max_position_embeddings: 40_960,
        rope_theta: 1_000_000,
        tie_word_embeddings: true,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 12,
    max_position_embeddings: 64,
    rope_theta: 1_000_000,
    tie_word_embeddings: true,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const norm = (scope: Scope, x: Tensor): Tensor => rmsNorm(scope, x, c.rms_norm_eps);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...llamaSizes(c),
      bias: c.attention_bias,
      normalize: headNorms(norm),
      windows: layerWindows(c),
      rotate: halfSplit(g, at.positions, ropeOptions(c, c.head_dim)),
      norm,
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
