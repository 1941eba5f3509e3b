// TITLE: what it computes and how it differs from its nearest relative, in a sentence or two.
// Authors and year, arXiv:0000.00000.

import { add } from '../src/graph/index.js';
import { attention } from './blocks/attention.js';
import { embedding, linear } from './blocks/linear.js';
import { paddingMask } from './blocks/mask.js';
import { mlp } from './blocks/mlp.js';
import { layerNorm } from './blocks/norm.js';
import { defineConfig } from './config.js';
import { defineModel, mask, tokens } from './define.js';

// The keys of the checkpoint's config.json with the defaults of its transformers class; what changes nothing goes to the list.
const config = defineConfig(
  {
    vocab_size: 30_000,
    hidden_size: 512,
    intermediate_size: 2048,
    num_hidden_layers: 6,
    num_attention_heads: 8,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-5,
    tie_word_embeddings: true,
  },
  ['max_position_embeddings'],
);

export default defineModel({
  family: 'template',
  // The transformers classes whose forward pass this page computes.
  architectures: ['TemplateForMaskedLM'],
  modelTypes: ['template'],
  task: 'fill-mask',
  config,
  // First the family's own name, then its other checkpoints; parameters as published for the class above.
  variants: { template: { checkpoint: null, parameters: 34_275_328, config: {} } },
  tiny: { vocab_size: 99, hidden_size: 32, intermediate_size: 37, num_hidden_layers: 2, num_attention_heads: 4 },
  inputs: (c) => ({ input_ids: tokens(c.vocab_size, 'batch', 'seq'), attention_mask: mask('batch', 'seq') }),
  // Scope names are the names of the state dict.
  graph(g, { input_ids, attention_mask }, c) {
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    let h = words.lookup(input_ids); // [batch, seq, hidden_size]
    for (const layer of g.layers('model.layers', c.num_hidden_layers)) {
      const looked = layerNorm(layer.at('input_layernorm'), h, c.layer_norm_eps);
      const options = { heads: c.num_attention_heads, mask: paddingMask(attention_mask) };
      h = add(h, attention(layer.at('self_attn'), looked, options));
      const thought = layerNorm(layer.at('post_attention_layernorm'), h, c.layer_norm_eps);
      h = add(h, mlp(layer.at('mlp'), thought, { hidden: c.intermediate_size, activation: c.hidden_act }));
    }
    h = layerNorm(g.at('model.norm'), h, c.layer_norm_eps);
    return { logits: c.tie_word_embeddings ? words.project(h) : linear(g.at('lm_head'), h, c.vocab_size) };
  },
});
