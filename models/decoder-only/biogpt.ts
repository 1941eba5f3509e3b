// BioGPT: a GPT-2-sized decoder for biomedical text, built as fairseq builds them: scaled words, learned positions counted over
// the tokens that are no padding.
// Luo et al. 2022, arXiv:2210.10341.

import { add, mul, slice } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { keptPlaces } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 42384,
    hidden_size: 1024,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    intermediate_size: 4096,
    hidden_act: 'gelu',
    max_position_embeddings: 1024,
    scale_embedding: true,
    tie_word_embeddings: true,
  },
  ['layer_norm_eps'], // the norms have 1e-5 whatever it says
);

export default defineModel({
  family: 'biogpt',
  architectures: ['BioGptForCausalLM'],
  modelTypes: ['biogpt'],
  task: 'text-generation',
  config,
  variants: { biogpt: { checkpoint: 'microsoft/biogpt', parameters: 346_763_264, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 56,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('biogpt.embed_tokens'), c.vocab_size, c.hidden_size);
    const places = embedding(g.at('biogpt.embed_positions'), c.max_position_embeddings + 2, c.hidden_size);
    g.limit(at.total, c.max_position_embeddings);
    const counted = attention_mask && !position_ids ? slice(keptPlaces(attention_mask, -1), 1, at.past) : at.positions;
    const mask = causalMask(g, at, attention_mask);
    const scaled = c.scale_embedding ? mul(words.lookup(input_ids), Math.sqrt(c.hidden_size)) : words.lookup(input_ids);
    const h = preNormLayers(g.at('biogpt'), add(scaled, places.lookup(add(counted, 2))), c.num_hidden_layers, {
      names: ['layers', 'self_attn_layer_norm', 'final_layer_norm', 'layer_norm'],
      norm: (scope, x) => layerNorm(scope, x, 1e-5),
      attention: (layer, x, index) =>
        attention(layer.at('self_attn'), x, {
          heads: c.num_attention_heads,
          names: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
          mask,
          layer: index,
        }),
      mlp: (layer, x) => mlp(layer, x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('output_projection'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
