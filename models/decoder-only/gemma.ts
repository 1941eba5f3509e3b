// Gemma: Llama's layers with GeGLU, wide heads, norms that store weight - 1 and embeddings scaled by sqrt(width).
// Gemma Team, Google DeepMind 2024, arXiv:2403.08295.

import { mul } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 256000,
    hidden_size: 3072,
    intermediate_size: 24576,
    num_hidden_layers: 28,
    num_attention_heads: 16,
    num_key_value_heads: 16,
    head_dim: 256,
    hidden_act: 'gelu_pytorch_tanh',
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    tie_word_embeddings: true,
  },
  ['hidden_activation'], // transformers reads hidden_act alone
);

export default defineModel({
  family: 'gemma',
  architectures: ['GemmaForCausalLM'],
  modelTypes: ['gemma'],
  task: 'text-generation',
  config,
  variants: {
    gemma: {
      checkpoint: 'google/gemma-2b',
      parameters: 2_506_172_416,
      config: {
        hidden_size: 2048,
        intermediate_size: 16_384,
        num_hidden_layers: 18,
        num_attention_heads: 8,
        num_key_value_heads: 1,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 1,
    head_dim: 12,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const embedded = mul(words.lookup(input_ids), Math.sqrt(c.hidden_size));
    const h = llamaLayers(g.at('model'), embedded, at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads,
      headDim: c.head_dim,
      bias: c.attention_bias,
      rotate: halfSplit(g, at.positions, ropeOptions(c, c.head_dim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps, { offset: 1 }),
      mlp: (layer, x) => gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
