// XGLM: a multilingual pre-norm decoder with scaled words and fairseq's sinusoidal positions.
// Lin et al. 2021, arXiv:2112.10668.

import { add, cast, equal, mul, not, unsqueeze } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { sinusoids } from '../blocks/position.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 256_008,
    d_model: 1024,
    ffn_dim: 4096,
    num_layers: 24,
    attention_heads: 16,
    activation_function: 'gelu',
    scale_embedding: true,
    /** This row of the table of positions is zero. */
    pad_token_id: nullable('number', 1),
    add_cross_attention: oneOf(false),
    tie_word_embeddings: true,
  },
  ['max_position_embeddings'],
  { hidden_size: 'd_model', num_attention_heads: 'attention_heads', num_hidden_layers: 'num_layers' },
);

export default defineModel({
  family: 'xglm',
  architectures: ['XGLMForCausalLM'],
  modelTypes: ['xglm'],
  task: 'text-generation',
  config,
  variants: { xglm: { checkpoint: 'facebook/xglm-564M', parameters: 564_463_616, config: {} } },
  tiny: { vocab_size: 99, d_model: 32, ffn_dim: 56, num_layers: 2, attention_heads: 4 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.d_model);
    const rows = add(at.positions, 2);
    let places = sinusoids(rows, c.d_model);
    if (c.pad_token_id !== null)
      places = mul(places, unsqueeze(cast(not(equal(rows, c.pad_token_id)), places.dtype), 2));
    const mask = causalMask(g, at, attention_mask);
    const scaled = c.scale_embedding ? mul(words.lookup(input_ids), Math.sqrt(c.d_model)) : words.lookup(input_ids);
    const h = preNormLayers(g.at('model'), add(scaled, places), c.num_layers, {
      names: ['layers', 'self_attn_layer_norm', 'final_layer_norm', 'layer_norm'],
      norm: (scope, x) => layerNorm(scope, x, 1e-5),
      attention: (layer, x, index) =>
        attention(layer.at('self_attn'), x, {
          heads: c.attention_heads,
          names: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
          mask,
          layer: index,
        }),
      mlp: (layer, x) => mlp(layer, x, { hidden: c.ffn_dim, activation: c.activation_function }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
