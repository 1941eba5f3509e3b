// PEGASUS: a pre-norm encoder-decoder pretrained by writing the sentences that a text leaves out; fixed sinusoidal positions.
// Zhang et al. 2019, arXiv:1912.08777.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { tabledSinusoids } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(BART_KEYS, BART_IGNORED);

export default defineModel({
  family: 'pegasus',
  architectures: ['PegasusForConditionalGeneration'],
  modelTypes: ['pegasus'],
  task: 'summarization',
  config,
  variants: {
    pegasus: {
      checkpoint: 'google/pegasus-xsum',
      parameters: 569_748_480,
      config: {
        vocab_size: 96_103,
        max_position_embeddings: 512,
        encoder_layers: 16,
        decoder_layers: 16,
        activation_function: 'relu',
        scale_embedding: true,
      },
    },
  },
  tiny: { ...BART_TINY, scale_embedding: true, activation_function: 'relu' },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'pre',
      positions: tabledSinusoids(c.max_position_embeddings, c.d_model),
    }),
});
