// StarCoder2: Llama's layers with LayerNorms, a plain MLP, biases, few key heads and a window.
// Lozhkov et al. 2024, arXiv:2402.19173.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 49152,
    hidden_size: 3072,
    intermediate_size: 12288,
    num_hidden_layers: 30,
    num_attention_heads: 24,
    num_key_value_heads: 2,
    head_dim: nullable<number>('number'),
    hidden_act: 'gelu_pytorch_tanh',
    max_position_embeddings: 4096,
    norm_epsilon: 1e-5,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    sliding_window: nullable<number>('number'),
    use_bias: true,
    tie_word_embeddings: true,
  },
  // the last two are keys of the published checkpoints that transformers does not read
  ['residual_dropout', 'embedding_dropout', 'mlp_type', 'norm_type'],
);

export default defineModel({
  family: 'starcoder2',
  architectures: ['Starcoder2ForCausalLM'],
  modelTypes: ['starcoder2'],
  task: 'text-generation',
  config,
  variants: {
    starcoder2: {
      checkpoint: 'bigcode/starcoder2-3b',
      parameters: 3_030_371_328,
      config: { max_position_embeddings: 16_384, rope_theta: 999_999.4420358813, sliding_window: 4096 },
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
    sliding_window: 4,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = headWidth(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const plain = {
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      bias: c.use_bias,
      names: ['c_fc', 'c_proj'] as const,
    };
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads,
      headDim,
      bias: c.use_bias,
      windows: Array(c.num_hidden_layers).fill(c.sliding_window),
      rotate: halfSplit(g, at.positions, ropeOptions(c, headDim)),
      norm: (scope, x) => layerNorm(scope, x, c.norm_epsilon),
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
