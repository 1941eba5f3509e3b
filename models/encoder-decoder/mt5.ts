// mT5: T5 version 1.1 (gated feed-forward, untied head) over a hundred languages.
// Xue et al. 2020, arXiv:2010.11934.

import { encoderDecoderInputs } from '../blocks/cache.js';
import { T5_IGNORED, T5_KEYS, T5_TINY, t5Model } from '../blocks/t5.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...T5_KEYS,
    vocab_size: 250_112,
    d_ff: 1024,
    num_layers: 8,
    num_heads: 6,
    feed_forward_proj: 'gated-gelu',
    tie_word_embeddings: false,
  },
  T5_IGNORED,
);

export default defineModel({
  family: 'mt5',
  architectures: ['MT5ForConditionalGeneration'],
  modelTypes: ['mt5'],
  task: 'text2text-generation',
  config,
  variants: {
    mt5: { checkpoint: 'google/mt5-small', parameters: 300_176_768, config: {} },
  },
  tiny: T5_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) => t5Model(g, inputs, c),
});
