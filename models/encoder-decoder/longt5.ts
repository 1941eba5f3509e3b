// LongT5: T5 for long inputs, whose encoder attends to near tokens and, in its 'transient-global' form, to sums of blocks.
// Guo et al. 2021, arXiv:2112.07916.

import { full } from '../../src/graph/index.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { sideAttention } from '../blocks/side-attention.js';
import { T5_IGNORED, T5_KEYS, T5_TINY, t5Model, t5Stack } from '../blocks/t5.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  { ...T5_KEYS, local_radius: 127, global_block_size: 16, encoder_attention_type: oneOf('local', 'transient-global') },
  T5_IGNORED,
);

export default defineModel({
  family: 'longt5',
  architectures: ['LongT5ForConditionalGeneration'],
  modelTypes: ['longt5'],
  task: 'summarization',
  config,
  variants: {
    longt5: {
      checkpoint: 'google/long-t5-tglobal-base',
      parameters: 247_587_456,
      config: {
        d_model: 768,
        num_layers: 12,
        num_heads: 12,
        feed_forward_proj: 'gated-gelu',
        encoder_attention_type: 'transient-global',
        tie_word_embeddings: false,
      },
    },
  },
  tiny: { ...T5_TINY, local_radius: 4, global_block_size: 4, encoder_attention_type: 'transient-global' },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    if (!inputs.input_ids) return t5Model(g, inputs, c); // a step of the decoder
    const global = c.encoder_attention_type === 'transient-global';
    const name = global ? 'TransientGlobalSelfAttention' : 'LocalSelfAttention';
    const attention = sideAttention(g.at(`encoder.block.0.layer.0.${name}`), {
      ...t5Stack(c),
      radius: c.local_radius,
      globalBlock: global ? c.global_block_size : null,
      mask: inputs.attention_mask ?? full(g, inputs.input_ids.shape, 1, 'int64'),
    });
    return t5Model(g, inputs, c, { encoder: { mix: (scope, x) => attention(scope.at(name), x) } });
  },
});
