// PLBART: BART's graph at the base size, trained on program code and its descriptions.
// Ahmad et al. 2021, arXiv:2103.06333.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { learnedPositions } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 50005,
    d_model: 768,
    encoder_layers: 6,
    encoder_attention_heads: 12,
    encoder_ffn_dim: 3072,
    decoder_layers: 6,
    decoder_attention_heads: 12,
    decoder_ffn_dim: 3072,
    scale_embedding: true,
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'plbart',
  architectures: ['PLBartForConditionalGeneration'],
  modelTypes: ['plbart'],
  task: 'text2text-generation',
  config,
  variants: {
    plbart: { checkpoint: 'uclanlp/plbart-base', parameters: 139_220_736, config: {} },
  },
  tiny: BART_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'post',
      embedNorm: 'sum',
      positions: learnedPositions(c.max_position_embeddings, c.d_model, 2), // rows 0 and 1 are of no use
    }),
});
