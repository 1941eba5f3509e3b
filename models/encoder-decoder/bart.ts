// BART: a denoising encoder-decoder, post-norm, with learned positions and normalised embeddings; one table of words serves
// encoder, decoder and output.
// Lewis et al. 2019, arXiv:1910.13461.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(BART_KEYS, BART_IGNORED);

export default defineModel({
  family: 'bart',
  architectures: ['BartForConditionalGeneration'],
  modelTypes: ['bart'],
  task: 'summarization',
  config,
  variants: {
    bart: { checkpoint: 'facebook/bart-large-cnn', parameters: 406_290_432, config: { vocab_size: 50264 } },
  },
  tiny: BART_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'post',
      embedNorm: 'sum',
      positions: learnedPositions(c.max_position_embeddings, c.d_model, 2), // rows 0 and 1 are of no use
    }),
});
