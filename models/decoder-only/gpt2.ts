// GPT-2: a pre-norm decoder with learned positions, a fused query-key-value layer and tied words.
// Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".

import { add } from '../../src/graph/index.js';
import { steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedWords, fusedAttention, gptInputs, SUMMARY_KEYS } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { stackedMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    n_inner: nullable<number>('number'),
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
    add_cross_attention: oneOf(false),
    tie_word_embeddings: true,
  },
  [...SUMMARY_KEYS, 'reorder_and_upcast_attn', 'apply_query_key_layer_scaling', 'normalize_attention_scores'],
  {
    hidden_size: 'n_embd',
    max_position_embeddings: 'n_positions',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
  },
);

export default defineModel({
  family: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  modelTypes: ['gpt2', 'gpt-sw3'],
  task: 'text-generation',
  config,
  variants: {
    gpt2: { checkpoint: 'openai-community/gpt2', parameters: 124_439_808, config: {} },
    gpt2_minimal: { checkpoint: 'openai-community/gpt2', parameters: 124_439_808, config: {}, aliasOf: 'gpt2' },
    gpt_sw3: {
      checkpoint: 'AI-Sweden-Models/gpt-sw3-126m',
      parameters: 135_780_864,
      config: { vocab_size: 64_000, n_positions: 2048, activation_function: 'gelu' },
      preprocess: { text: 'SentencePiece BPE' },
    },
  },
  tiny: { vocab_size: 99, n_positions: 64, n_embd: 32, n_layer: 2, n_head: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => gptInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids, token_type_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const mask = stackedMask(g, at, attention_mask);
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.n_embd);
    const places = embedding(g.at('transformer.wpe'), c.n_positions, c.n_embd);
    g.limit(at.total, c.n_positions);
    const scale = c.scale_attn_weights ? (c.n_embd / c.n_head) ** -0.5 : 1;
    const embedded = add(embedWords(words, input_ids, token_type_ids), places.lookup(at.positions));
    const h = preNormLayers(g.at('transformer'), embedded, c.n_layer, {
      names: ['h', 'ln_1', 'ln_2', 'ln_f'],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
      attention: (layer, x, index) =>
        fusedAttention(layer.at('attn'), x, {
          names: ['c_attn', 'c_proj'],
          inOut: true,
          heads: c.n_head,
          layer: index,
          mask,
          scale: c.scale_attn_by_inverse_layer_idx ? scale / (index + 1) : scale,
        }),
      mlp: (layer, x) =>
        mlp(layer.at('mlp'), x, {
          names: ['c_fc', 'c_proj'],
          inOut: true,
          hidden: c.n_inner ?? 4 * c.n_embd,
          activation: c.activation_function,
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
