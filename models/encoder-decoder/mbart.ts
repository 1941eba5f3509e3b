// mBART: BART for many languages, pre-norm with a norm behind each stack (and BART's norm of the embeddings).
// Liu et al. 2020, arXiv:2001.08210; Tang et al. 2020 (mBART-50), arXiv:2008.00401.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(BART_KEYS, BART_IGNORED);

export default defineModel({
  family: 'mbart',
  architectures: ['MBartForConditionalGeneration'],
  modelTypes: ['mbart'],
  task: 'translation',
  config,
  variants: {
    mbart: {
      checkpoint: 'facebook/mbart-large-50-many-to-many-mmt',
      parameters: 610_879_488,
      config: { vocab_size: 250_054, activation_function: 'relu', scale_embedding: true },
    },
  },
  tiny: { ...BART_TINY, scale_embedding: true },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'pre',
      embedNorm: 'sum',
      positions: learnedPositions(c.max_position_embeddings, c.d_model, 2), // rows 0 and 1 are of no use
    }),
});
