// GPT: the first of its kind; layers are normalised behind each part, and there is no norm at the end.
// Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training".

import { add, unsqueeze, where } from '../../src/graph/index.js';
import { steps } from '../blocks/cache.js';
import { head, postNormLayers } from '../blocks/decoder.js';
import { embedWords, fusedAttention, gptInputs, SUMMARY_KEYS } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { causal, paddingMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 40478,
    n_positions: 512,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    afn: oneOf('gelu', 'relu', 'silu', 'swish'),
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: true,
  },
  [...SUMMARY_KEYS, 'predict_special_tokens', 'n_special'],
  {
    hidden_size: 'n_embd',
    max_position_embeddings: 'n_positions',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
  },
);

export default defineModel({
  family: 'openai_gpt',
  architectures: ['OpenAIGPTLMHeadModel'],
  modelTypes: ['openai-gpt'],
  task: 'text-generation',
  config,
  variants: { openai_gpt: { checkpoint: 'openai-community/openai-gpt', parameters: 116_534_784, config: {} } },
  tiny: { vocab_size: 99, n_positions: 64, n_embd: 32, n_layer: 2, n_head: 4 },
  preprocess: { text: 'BPE' },
  forms: ['cached'],
  inputs: (c, form) => gptInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids, token_type_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const seen = unsqueeze(causal(g, at), 0, 1);
    const mask = paddingMask(attention_mask);
    const words = embedding(g.at('transformer.tokens_embed'), c.vocab_size, c.n_embd);
    const places = embedding(g.at('transformer.positions_embed'), c.n_positions, c.n_embd);
    g.limit(at.total, c.n_positions);
    const embedded = add(embedWords(words, input_ids, token_type_ids), places.lookup(at.positions));
    const h = postNormLayers(g.at('transformer'), embedded, c.n_layer, {
      names: ['h', 'ln_1', 'ln_2', null],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
      attention: (layer, x, index) =>
        fusedAttention(layer.at('attn'), x, {
          names: ['c_attn', 'c_proj'],
          inOut: true,
          heads: c.n_head,
          layer: index,
          mask,
          // Scores of later keys become -10000, not the lowest float: behind padding on the left they outweigh it.
          changeScores: (scores) => where(seen, scores, -1e4),
        }),
      mlp: (layer, x) =>
        mlp(layer.at('mlp'), x, {
          names: ['c_fc', 'c_proj'],
          inOut: true,
          hidden: 4 * c.n_embd,
          activation: c.afn === 'gelu' ? 'gelu_new' : c.afn, // its 'gelu' is the tanh form
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
