// CLIP's text encoder by itself, as image generators and search indexes use it; with or without the projection to the space that it
// shares with images.
// Radford et al. 2021, arXiv:2103.00020.

import { CLIP_TEXT_KEYS, clipText } from '../blocks/clip-text.js';
import { linear } from '../blocks/linear.js';
import { classes, defineConfig } from '../config.js';
import { constant, defineModel, mask, type Outputs, optional, tokens } from '../define.js';

const config = defineConfig(
  { ...CLIP_TEXT_KEYS, architectures: classes('CLIPTextModel', 'CLIPTextModelWithProjection'), projection_dim: 512 },
  ['tie_word_embeddings', 'initializer_factor'],
);

export default defineModel({
  family: 'clip_text_model',
  architectures: ['CLIPTextModel', 'CLIPTextModelWithProjection'],
  modelTypes: ['clip_text_model'],
  task: 'feature-extraction',
  config,
  variants: {
    clip_text_model: { checkpoint: 'openai/clip-vit-base-patch32', parameters: 63_165_952, config: {} },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 37,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 20,
    eos_token_id: 98,
    projection_dim: 24,
  },
  sizes: { seq: 77 },
  preprocess: { text: 'CLIP BPE' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, position_ids }, c): Outputs {
    const { states, pooled } = clipText(g.at('text_model'), input_ids, attention_mask, c, position_ids);
    if (c.architectures[0] === 'CLIPTextModel') return { last_hidden_state: states, pooler_output: pooled };
    const text_embeds = linear(g.at('text_projection'), pooled, c.projection_dim, { bias: false });
    return { text_embeds, last_hidden_state: states }; // [batch, projection_dim] and [batch, seq, hidden_size]
  },
});
