// Nemotron-4 and Minitron: LayerNorms that store weight - 1, squared ReLU, rotary positions on half of each head.
// Parmar et al. 2024, arXiv:2402.16819; Muralidharan et al. 2024, arXiv:2407.14679.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit } from '../blocks/rope.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 256000,
    hidden_size: 6144,
    intermediate_size: 24576,
    num_hidden_layers: 32,
    num_attention_heads: 48,
    num_key_value_heads: nullable<number>('number'),
    head_dim: nullable<number>('number'),
    hidden_act: 'relu2',
    norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: oneOf(null),
    partial_rotary_factor: 0.5,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
  },
  ['max_position_embeddings'],
);

export default defineModel({
  family: 'nemotron',
  architectures: ['NemotronForCausalLM'],
  modelTypes: ['nemotron'],
  task: 'text-generation',
  config,
  variants: {
    nemotron: {
      checkpoint: 'nvidia/Minitron-4B-Base',
      parameters: 4_190_509_056,
      config: {
        hidden_size: 3072,
        intermediate_size: 9216,
        num_attention_heads: 24,
        num_key_value_heads: 8,
        head_dim: 128,
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
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const width = Math.trunc(sizes.headDim * c.partial_rotary_factor);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const plain = {
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      bias: c.mlp_bias,
      names: ['up_proj', 'down_proj'] as const,
    };
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      bias: c.attention_bias,
      rotate: halfSplit(g, at.positions, { width, base: c.rope_theta }),
      norm: (scope, x) => layerNorm(scope, x, c.norm_eps, { offset: 1 }),
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
