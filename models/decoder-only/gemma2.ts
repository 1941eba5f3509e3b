// Gemma 2: Gemma with windowed and full layers in turn, norms before and after each part, and scores and logits that tanh limits.
// Gemma Team, Google DeepMind 2024, arXiv:2408.00118.

import { mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { attention, softLimit } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, layerWindows, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 256000,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 26,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    hidden_activation: 'gelu_pytorch_tanh',
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    query_pre_attn_scalar: 256,
    sliding_window: nullable('number', 4096),
    layer_types: nullable<string[]>('array'),
    attn_logit_softcapping: nullable('number', 50),
    final_logit_softcapping: nullable('number', 30),
    tie_word_embeddings: true,
  },
  ['hidden_act', 'cache_implementation', 'sliding_window_size'],
);

export default defineModel({
  family: 'gemma2',
  architectures: ['Gemma2ForCausalLM'],
  modelTypes: ['gemma2'],
  task: 'text-generation',
  config,
  variants: { gemma2: { checkpoint: 'google/gemma-2-2b', parameters: 2_614_341_888, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 12,
    max_position_embeddings: 64,
    query_pre_attn_scalar: 10,
    sliding_window: 4,
    attn_logit_softcapping: 5,
    final_logit_softcapping: 8,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const norm = (scope: Scope, x: Tensor): Tensor => rmsNorm(scope, x, c.rms_norm_eps, { offset: 1 });
    const rotate = halfSplit(g, at.positions, ropeOptions(c, c.head_dim));
    const types =
      c.layer_types ?? Array.from({ length: c.num_hidden_layers }, (_, i) => `${i % 2 ? 'full' : 'sliding'}_attention`);
    const windows = layerWindows({ ...c, layer_types: types });
    const h = preNormLayers(
      g.at('model'),
      mul(words.lookup(input_ids), Math.sqrt(c.hidden_size)),
      c.num_hidden_layers,
      {
        names: ['layers', 'input_layernorm', 'pre_feedforward_layernorm', 'norm'],
        norm,
        attention: (layer, x, index) =>
          norm(
            layer.at('post_attention_layernorm'),
            attention(layer.at('self_attn'), x, {
              heads: c.num_attention_heads,
              kvHeads: c.num_key_value_heads,
              headDim: c.head_dim,
              bias: c.attention_bias,
              scale: 1 / Math.sqrt(c.query_pre_attn_scalar),
              softcap: c.attn_logit_softcapping,
              mask: causalMask(g, at, attention_mask, windows[index]),
              window: windows[index],
              rotate,
              layer: index,
            }),
          ),
        mlp: (layer, x) =>
          norm(
            layer.at('post_feedforward_layernorm'),
            gatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_activation }),
          ),
      },
    );
    const logits = head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings });
    return { logits: c.final_logit_softcapping === null ? logits : softLimit(logits, c.final_logit_softcapping) };
  },
});
