// Blenderbot Small: a post-norm dialogue model of 90 million parameters; its decoder normalises words before it adds positions.
// Roller et al. 2020, arXiv:2004.13637.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    max_position_embeddings: 512,
    d_model: 512,
    encoder_layers: 8,
    encoder_ffn_dim: 2048,
    decoder_layers: 8,
    decoder_ffn_dim: 2048,
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'blenderbot_small',
  architectures: ['BlenderbotSmallForConditionalGeneration'],
  modelTypes: ['blenderbot-small'],
  task: 'text2text-generation',
  config,
  variants: {
    blenderbot_small: {
      checkpoint: 'facebook/blenderbot_small-90M',
      parameters: 87_508_992,
      config: { vocab_size: 54_944, scale_embedding: true },
    },
  },
  tiny: BART_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'post',
      embedNorm: 'words', // and does not scale them, unlike the encoder
      positions: learnedPositions(c.max_position_embeddings, c.d_model),
    }),
});
