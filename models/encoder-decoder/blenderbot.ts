// Blenderbot: a pre-norm dialogue model with a shallow encoder and a deep decoder.
// Roller et al. 2020, arXiv:2004.13637.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 8008,
    max_position_embeddings: 128,
    d_model: 2560,
    encoder_layers: 2,
    encoder_attention_heads: 32,
    encoder_ffn_dim: 10240,
    decoder_layers: 24,
    decoder_attention_heads: 32,
    decoder_ffn_dim: 10240,
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'blenderbot',
  architectures: ['BlenderbotForConditionalGeneration'],
  modelTypes: ['blenderbot'],
  task: 'text2text-generation',
  config,
  variants: {
    blenderbot: {
      checkpoint: 'facebook/blenderbot-400M-distill',
      parameters: 364_802_560,
      config: {
        d_model: 1280,
        encoder_ffn_dim: 5120,
        decoder_layers: 12,
        decoder_ffn_dim: 5120,
        scale_embedding: true,
      },
    },
  },
  tiny: BART_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'pre',
      positions: learnedPositions(c.max_position_embeddings, c.d_model),
    }),
});
