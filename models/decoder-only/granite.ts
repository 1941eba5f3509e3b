// Granite: Llama's layers with four multipliers: of embeddings, attention scores, residuals and logits.
// Granite Team, IBM 2024, "Granite 3.0 Language Models".

import { div, mul } from '../../src/graph/index.js';
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
  intermediate_size: 11008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: nullable<number>('number'),
  head_dim: nullable<number>('number'),
  hidden_act: 'silu',
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: nullable<RopeScaling>('object'),
  attention_bias: false,
  mlp_bias: false,
  embedding_multiplier: 1,
  attention_multiplier: 1,
  residual_multiplier: 1,
  logits_scaling: 1,
  tie_word_embeddings: false,
});

export default defineModel({
  family: 'granite',
  architectures: ['GraniteForCausalLM'],
  modelTypes: ['granite'],
  task: 'text-generation',
  config,
  variants: {
    granite: {
      checkpoint: 'ibm-granite/granite-3.0-2b-base',
      parameters: 2_533_531_648,
      config: {
        vocab_size: 49_155,
        hidden_size: 2048,
        intermediate_size: 8192,
        num_hidden_layers: 40,
        num_key_value_heads: 8,
        max_position_embeddings: 4096,
        rms_norm_eps: 1e-5,
        embedding_multiplier: 12,
        attention_multiplier: 0.015625,
        residual_multiplier: 0.22,
        logits_scaling: 8,
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
    max_position_embeddings: 64,
    embedding_multiplier: 12,
    attention_multiplier: 0.2,
    residual_multiplier: 0.22,
    logits_scaling: 8,
    tie_word_embeddings: true,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), mul(words.lookup(input_ids), c.embedding_multiplier), at, attention_mask, {
      ...sizes,
      bias: c.attention_bias,
      scale: c.attention_multiplier,
      residual: c.residual_multiplier,
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp: (layer, x) =>
        gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act, bias: c.mlp_bias }),
    });
    return { logits: div(head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }), c.logits_scaling) };
  },
});
