// BLOOM: a pre-norm decoder without positions; ALiBi scores, a norm behind the embedding, query, key and value of a head together.
// BigScience Workshop 2022, arXiv:2211.05100.

import { add } from '../../src/graph/index.js';
import { alibi, alibiSlopes } from '../blocks/alibi.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { fusedAttention } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { keptPlaces } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 250_880,
    hidden_size: 64,
    n_layer: 2,
    n_head: 8,
    layer_norm_epsilon: 1e-5,
    apply_residual_connection_post_layernorm: false,
    pretraining_tp: 1,
    slow_but_exact: false,
    tie_word_embeddings: true,
  },
  [
    'attention_softmax_in_fp32',
    'bias_dropout_fusion',
    'masked_softmax_fusion',
    'n_inner',
    'offset_alibi',
    'seq_length',
    'skip_bias_add',
    'skip_bias_add_qkv',
    'unk_token_id',
  ],
  { n_embed: 'hidden_size', num_attention_heads: 'n_head', num_hidden_layers: 'n_layer' },
);

export default defineModel({
  family: 'bloom',
  architectures: ['BloomForCausalLM'],
  modelTypes: ['bloom'],
  task: 'text-generation',
  config,
  variants: {
    bloom: {
      checkpoint: 'bigscience/bloom-560m',
      parameters: 559_214_592,
      config: { hidden_size: 1024, n_layer: 24, n_head: 16 },
    },
  },
  tiny: { vocab_size: 99, hidden_size: 32, n_layer: 2, n_head: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs(c, form) {
    const { input_ids, attention_mask } = decoderInputs(c.vocab_size, form);
    return { input_ids, attention_mask };
  },
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const words = embedding(g.at('transformer.word_embeddings'), c.vocab_size, c.hidden_size);
    const keys = attention_mask ? keptPlaces(attention_mask, 0) : at.positions;
    const mask = add(alibi(keys, alibiSlopes(c.n_head)), causalMask(g, at, attention_mask));
    // Summed over the slices of tensor parallelism, the second layer of each part goes without its bias.
    const outBias = !(c.slow_but_exact && c.pretraining_tp > 1);
    const norm = (scope: Parameters<typeof layerNorm>[0], x: typeof mask) => layerNorm(scope, x, c.layer_norm_epsilon);
    const embedded = norm(g.at('transformer.word_embeddings_layernorm'), words.lookup(input_ids));
    const h = preNormLayers(g.at('transformer'), embedded, c.n_layer, {
      names: ['h', 'input_layernorm', 'post_attention_layernorm', 'ln_f'],
      ontoNorm: c.apply_residual_connection_post_layernorm,
      norm,
      attention: (layer, x, index) =>
        fusedAttention(layer.at('self_attention'), x, {
          names: ['query_key_value', 'dense'],
          bias: [true, outBias],
          heads: c.n_head,
          perHead: true,
          layer: index,
          mask,
        }),
      mlp: (layer, x) =>
        mlp(layer.at('mlp'), x, {
          names: ['dense_h_to_4h', 'dense_4h_to_h'],
          bias: [true, outBias],
          hidden: 4 * c.hidden_size,
          activation: 'gelu_new',
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
