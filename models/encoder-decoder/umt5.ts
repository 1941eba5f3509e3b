// UMT5: mT5 trained with an even share of languages; every layer has relative positions of its own.
// Chung et al. 2023, arXiv:2304.09151.

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
  },
  T5_IGNORED,
);

export default defineModel({
  family: 'umt5',
  architectures: ['UMT5ForConditionalGeneration'],
  modelTypes: ['umt5'],
  task: 'text2text-generation',
  config,
  variants: {
    umt5: {
      checkpoint: 'google/umt5-small',
      parameters: 306_601_984,
      config: { vocab_size: 256_384, tie_word_embeddings: false },
    },
  },
  tiny: T5_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) => t5Model(g, inputs, c, { encoder: { biasPerLayer: true }, decoder: { biasPerLayer: true } }),
});
