// Mistral: Llama's layers with a window: a query sees only the last `sliding_window` keys.
// Jiang et al. 2023, arXiv:2310.06825.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 32000,
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: nullable('number', 8),
  head_dim: nullable<number>('number'),
  hidden_act: 'silu',
  max_position_embeddings: 131_072,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  sliding_window: nullable('number', 4096),
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'mistral',
  architectures: ['MistralForCausalLM'],
  modelTypes: ['mistral'],
  task: 'text-generation',
  config,
  variants: {
    mistral: {
      checkpoint: 'mistralai/Mistral-7B-v0.1',
      parameters: 7_241_732_096,
      config: { max_position_embeddings: 32_768, rms_norm_eps: 1e-5 },
    },
    mistral_nemo: {
      checkpoint: 'mistralai/Mistral-Nemo-Base-2407',
      parameters: 12_247_782_400,
      preprocess: { text: 'byte-level BPE' },
      config: {
        vocab_size: 131_072,
        hidden_size: 5120,
        num_hidden_layers: 40,
        head_dim: 128,
        max_position_embeddings: 128_000,
        rms_norm_eps: 1e-5,
        rope_theta: 1_000_000,
        sliding_window: null,
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
    sliding_window: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      windows: Array(c.num_hidden_layers).fill(c.sliding_window),
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
