// GPT-BigCode (SantaCoder, StarCoder): GPT-2 whose heads share one key and one value (multi-query attention).
// Ben Allal et al. 2023, arXiv:2301.03988; Li et al. 2023, arXiv:2305.06161.

import { add } from '../../src/graph/index.js';
import { steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedWords, fusedAttention, gptInputs, SUMMARY_KEYS } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
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
    activation_function: 'gelu_pytorch_tanh',
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    /** Without it every head has a key and value of its own, stored beside its query. */
    multi_query: true,
    add_cross_attention: oneOf(false),
    tie_word_embeddings: true,
  },
  [
    ...SUMMARY_KEYS,
    'attention_softmax_in_fp32',
    'scale_attention_softmax_in_fp32',
    'num_key_value_heads', // follows from multi_query, and only that is read
    'inference_runner',
    'max_batch_size',
    'max_sequence_length',
    'pad_key_length',
    'pre_allocate_kv_cache',
    'validate_runner_input',
  ],
  {
    hidden_size: 'n_embd',
    max_position_embeddings: 'n_positions',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
  },
);

export default defineModel({
  family: 'gpt_bigcode',
  architectures: ['GPTBigCodeForCausalLM'],
  modelTypes: ['gpt_bigcode'],
  task: 'text-generation',
  config,
  variants: {
    gpt_bigcode: {
      checkpoint: 'bigcode/gpt_bigcode-santacoder',
      parameters: 1_124_886_528,
      config: { vocab_size: 49_280, n_positions: 2048, n_embd: 2048, n_layer: 24, n_head: 16, n_inner: 8192 },
    },
  },
  tiny: { vocab_size: 99, n_positions: 64, n_embd: 32, n_layer: 2, n_head: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => gptInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids, token_type_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.n_embd);
    const places = embedding(g.at('transformer.wpe'), c.n_positions, c.n_embd);
    g.limit(at.total, c.n_positions);
    const heads = c.multi_query ? { heads: c.n_head, kvHeads: 1 } : { heads: c.n_head, perHead: true };
    const scale = c.scale_attn_weights ? (c.n_embd / c.n_head) ** -0.5 : 1;
    const mask = causalMask(g, at, attention_mask);
    const embedded = add(embedWords(words, input_ids, token_type_ids), places.lookup(at.positions));
    const h = preNormLayers(g.at('transformer'), embedded, c.n_layer, {
      names: ['h', 'ln_1', 'ln_2', 'ln_f'],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon),
      attention: (layer, x, index) =>
        fusedAttention(layer.at('attn'), x, { ...heads, names: ['c_attn', 'c_proj'], mask, scale, layer: index }),
      mlp: (layer, x) =>
        mlp(layer.at('mlp'), x, {
          names: ['c_fc', 'c_proj'],
          hidden: c.n_inner ?? 4 * c.n_embd,
          activation: c.activation_function,
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
