// Qwen2: Llama's layers with biases on query, key and value; the layers from `max_window_layers` on may be windowed.
// Yang et al. 2024, arXiv:2407.10671.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head, layerWindows } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
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
  head_dim: nullable<number>('number'),
  hidden_act: 'silu',
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  use_sliding_window: false,
  sliding_window: nullable('number', 4096),
  max_window_layers: 28,
  layer_types: nullable<string[]>('array'),
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'qwen2',
  architectures: ['Qwen2ForCausalLM'],
  modelTypes: ['qwen2'],
  task: 'text-generation',
  config,
  variants: {
    qwen2: {
      checkpoint: 'Qwen/Qwen2.5-0.5B-Instruct',
      parameters: 494_032_768,
      config: {
        hidden_size: 896,
        intermediate_size: 4864,
        num_hidden_layers: 24,
        num_attention_heads: 14,
        num_key_value_heads: 2,
        max_window_layers: 21,
        rope_theta: 1_000_000,
        tie_word_embeddings: true,
      },
    },
    deepseek_r1_distil: {
      checkpoint: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B',
      parameters: 1_777_088_000,
      config: {
        hidden_size: 1536,
        intermediate_size: 8960,
        num_hidden_layers: 28,
        num_attention_heads: 12,
        num_key_value_heads: 2,
        max_position_embeddings: 131_072,
        max_window_layers: 21,
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
    max_position_embeddings: 64,
    rope_theta: 1_000_000,
    use_sliding_window: true,
    sliding_window: 4,
    max_window_layers: 1,
    tie_word_embeddings: true,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      bias: [true, true, true, false],
      windows: layerWindows(c),
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
