// CTRL: a pre-norm decoder with scaled words, sinusoidal positions and a head with bias; trained on texts behind control codes.
// Keskar et al. 2019, arXiv:1909.05858.

import { add, mul, unsqueeze, where } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedWords, gptInputs, SUMMARY_KEYS } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { causal, paddingMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { classicSinusoids } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 246_534,
    n_embd: 1280,
    dff: 8192,
    n_layer: 48,
    n_head: 16,
    /** Of the last norm only: those of the layers have 1e-6. */
    layer_norm_epsilon: 1e-6,
    tie_word_embeddings: true,
  },
  [...SUMMARY_KEYS, 'n_positions', 'max_position_embeddings', 'from_tf'],
  { hidden_size: 'n_embd', num_attention_heads: 'n_head', num_hidden_layers: 'n_layer' },
);

export default defineModel({
  family: 'ctrl',
  architectures: ['CTRLLMHeadModel'],
  modelTypes: ['ctrl'],
  task: 'text-generation',
  config,
  variants: { ctrl: { checkpoint: 'Salesforce/ctrl', parameters: 1_637_964_550, config: {} } },
  tiny: { vocab_size: 99, n_embd: 32, dff: 56, n_layer: 2, n_head: 4 },
  preprocess: { text: 'BPE' },
  forms: ['cached'],
  inputs: (c, form) => gptInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids, token_type_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('transformer.w'), c.vocab_size, c.n_embd);
    // Later keys lose 10000, not the lowest float: behind padding on the left they outweigh it.
    const later = where(unsqueeze(causal(g, at), 0, 1), 0, -1e4);
    const padding = paddingMask(attention_mask);
    const mask = padding ? add(later, padding) : later;
    const scaled = mul(embedWords(words, input_ids, token_type_ids), Math.sqrt(c.n_embd));
    const embedded = add(scaled, classicSinusoids(at.positions, c.n_embd));
    const h = preNormLayers(g.at('transformer'), embedded, c.n_layer, {
      names: ['h', 'layernorm1', 'layernorm2', 'layernorm'],
      norm: (scope, x) => layerNorm(scope, x, scope.path === 'transformer.layernorm' ? c.layer_norm_epsilon : 1e-6),
      attention: (layer, x, index) =>
        attention(layer.at('multi_head_attention'), x, {
          heads: c.n_head,
          names: ['Wq', 'Wk', 'Wv', 'dense'],
          mask,
          layer: index,
        }),
      mlp: (layer, x) => mlp(layer.at('ffn'), x, { names: ['0', '2'], hidden: c.dff, activation: 'relu' }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: true }) }; // [batch, seq, vocab_size]
  },
});
