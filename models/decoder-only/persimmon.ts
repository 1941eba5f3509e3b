// Persimmon: one layer for queries, keys and values of each head in turn, a LayerNorm over each head's, squared ReLU, full biases.
// Elsen et al. 2023, "Releasing Persimmon-8B" (Adept).

import type { Scope, Tensor } from '../../src/graph/index.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { headNorms, layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 262_144,
    hidden_size: 4096,
    intermediate_size: 16384,
    num_hidden_layers: 36,
    num_attention_heads: 64,
    hidden_act: 'relu2',
    max_position_embeddings: 16384,
    layer_norm_eps: 1e-5,
    rope_theta: 25000,
    rope_scaling: nullable<RopeScaling>('object'),
    partial_rotary_factor: 0.5,
    qk_layernorm: true,
    tie_word_embeddings: false,
  },
  ['num_key_value_heads'],
);

export default defineModel({
  family: 'persimmon',
  architectures: ['PersimmonForCausalLM'],
  modelTypes: ['persimmon'],
  task: 'text-generation',
  config,
  variants: { persimmon: { checkpoint: 'adept/persimmon-8b-base', parameters: 9_397_175_296, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const heads = c.num_attention_heads;
    const mask = causalMask(g, at, attention_mask);
    const width = Math.trunc((c.hidden_size / heads) * c.partial_rotary_factor);
    const rotate = halfSplit(g, at.positions, ropeOptions(c, width));
    const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
    const normalize = headNorms(norm, ['q_layernorm', 'k_layernorm']);
    const plain = {
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      names: ['dense_h_to_4h', 'dense_4h_to_h'] as const,
    };
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('model'), words.lookup(input_ids), c.num_hidden_layers, {
      names: ['layers', 'input_layernorm', 'post_attention_layernorm', 'final_layernorm'],
      norm,
      attention(layer, x, index) {
        const own = layer.at('self_attn');
        const [q, k, v] = splitGroups(linear(own.at('query_key_value'), x, 3 * c.hidden_size), heads, [1, 1, 1]);
        const normed = c.qk_layernorm ? { normalize: normalize(own) } : {};
        return linear(own.at('dense'), attendHeads(q, k, v, { ...normed, mask, rotate, layer: index }), c.hidden_size);
      },
      mlp: (layer, x) => mlp(layer.at('mlp'), x, plain),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
