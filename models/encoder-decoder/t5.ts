// T5: every task is text to text; a pre-norm encoder-decoder with RMSNorm, relative positions shared by all layers, and no biases.
// Version 1.1 and Flan-T5 have a gated feed-forward part and an untied head.
// Raffel et al. 2019, arXiv:1910.10683; Chung et al. 2022 (Flan), arXiv:2210.11416.

import { encoderDecoderInputs } from '../blocks/cache.js';
import { T5_IGNORED, T5_KEYS, T5_TINY, t5Model } from '../blocks/t5.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(T5_KEYS, T5_IGNORED);

export default defineModel({
  family: 't5',
  architectures: ['T5ForConditionalGeneration'],
  modelTypes: ['t5'],
  task: 'text2text-generation',
  config,
  variants: {
    t5: {
      checkpoint: 'google-t5/t5-base',
      parameters: 222_903_552,
      config: { d_model: 768, d_ff: 3072, num_layers: 12, num_heads: 12 },
    },
    t5_small: { checkpoint: 'google-t5/t5-small', parameters: 60_506_624, config: {} },
    t5_minimal: { checkpoint: 'google-t5/t5-small', parameters: 60_506_624, config: {}, aliasOf: 't5_small' },
    flan: {
      checkpoint: 'google/flan-t5-base',
      parameters: 247_577_856,
      config: {
        d_model: 768,
        num_layers: 12,
        num_heads: 12,
        feed_forward_proj: 'gated-gelu',
        tie_word_embeddings: false,
      },
    },
  },
  tiny: T5_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) => t5Model(g, inputs, c),
});
