// GLM-4: Llama's layers with interleaved rotary pairs on part of each head and gate and up in one layer.
// Team GLM 2024, arXiv:2406.12793.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { fusedGatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { interleaved, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({
  vocab_size: 151552,
  hidden_size: 4096,
  intermediate_size: 13696,
  num_hidden_layers: 40,
  num_attention_heads: 32,
  num_key_value_heads: 2,
  head_dim: 128,
  hidden_act: 'silu',
  max_position_embeddings: 131_072,
  rms_norm_eps: 1.5625e-7,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  partial_rotary_factor: 0.5,
  attention_bias: true,
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'glm',
  architectures: ['GlmForCausalLM'],
  modelTypes: ['glm'],
  task: 'text-generation',
  config,
  variants: { glm: { checkpoint: 'zai-org/glm-4-9b-chat-hf', parameters: 9_399_951_360, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 16,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const turned = Math.trunc(c.head_dim * c.partial_rotary_factor);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads,
      headDim: c.head_dim,
      bias: [c.attention_bias, c.attention_bias, c.attention_bias, false],
      rotate: interleaved(g, at.positions, ropeOptions(c, turned)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) => fusedGatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
