// OPT: Meta's GPT-3 in the open; learned positions counted over the tokens that are no padding; the 350m size is normalised
// behind each part and has words of a smaller width.
// Zhang et al. 2022, arXiv:2205.01068.

import { add, slice, type Tensor } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, postNormLayers, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { keptPlaces } from '../blocks/position.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50272,
    hidden_size: 768,
    num_hidden_layers: 12,
    ffn_dim: 3072,
    max_position_embeddings: 2048,
    do_layer_norm_before: true,
    _remove_final_layer_norm: false,
    word_embed_proj_dim: nullable<number>('number'),
    num_attention_heads: 12,
    activation_function: 'relu',
    enable_bias: true,
    layer_norm_elementwise_affine: true,
    tie_word_embeddings: true,
  },
  ['output_projection'],
);

export default defineModel({
  family: 'opt',
  architectures: ['OPTForCausalLM'],
  modelTypes: ['opt'],
  task: 'text-generation',
  config,
  variants: { opt: { checkpoint: 'facebook/opt-125m', parameters: 125_239_296, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_hidden_layers: 2,
    ffn_dim: 56,
    max_position_embeddings: 64,
    num_attention_heads: 4,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const decoder = g.at('model.decoder');
    const wordWidth = c.word_embed_proj_dim ?? c.hidden_size;
    const words = embedding(decoder.at('embed_tokens'), c.vocab_size, wordWidth);
    const places = embedding(decoder.at('embed_positions'), c.max_position_embeddings + 2, c.hidden_size);
    g.limit(at.total, c.max_position_embeddings);
    const counted = attention_mask && !position_ids ? slice(keptPlaces(attention_mask, -1), 1, at.past) : at.positions;
    const project = (name: string, x: Tensor, width: number): Tensor =>
      wordWidth === c.hidden_size ? x : linear(decoder.at(name), x, width, { bias: false });
    const mask = causalMask(g, at, attention_mask);
    const last = c._remove_final_layer_norm ? null : 'final_layer_norm';
    const stack = c.do_layer_norm_before ? preNormLayers : postNormLayers;
    const embedded = add(project('project_in', words.lookup(input_ids), c.hidden_size), places.lookup(add(counted, 2)));
    const h = stack(decoder, embedded, c.num_hidden_layers, {
      names: ['layers', 'self_attn_layer_norm', 'final_layer_norm', last],
      norm: (scope, x) => layerNorm(scope, x, 1e-5, { scaled: c.layer_norm_elementwise_affine }),
      attention: (layer, x, index) =>
        attention(layer.at('self_attn'), x, {
          heads: c.num_attention_heads,
          names: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
          bias: c.enable_bias,
          mask,
          layer: index,
        }),
      mlp: (layer, x) => mlp(layer, x, { hidden: c.ffn_dim, activation: c.activation_function, bias: c.enable_bias }),
    });
    const out = project('project_out', h, wordWidth);
    return { logits: head(g.at('lm_head'), out, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
