// Marian: a small post-norm translation model with fixed sinusoidal positions; over a thousand language pairs exist as opus-mt.
// Junczys-Dowmunt et al. 2018, arXiv:1804.00344; Tiedemann and Thottingal 2020, "OPUS-MT".

import { UsageError } from '../../src/util/error.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { tabledSinusoids } from '../blocks/position.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 58101,
    decoder_vocab_size: nullable<number>('number'),
    share_encoder_decoder_embeddings: true,
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'marian',
  architectures: ['MarianMTModel'],
  modelTypes: ['marian'],
  task: 'translation',
  config,
  variants: {
    marian: {
      checkpoint: 'Helsinki-NLP/opus-mt-en-de',
      parameters: 74_410_496,
      config: {
        max_position_embeddings: 512,
        d_model: 512,
        encoder_layers: 6,
        encoder_attention_heads: 8,
        encoder_ffn_dim: 2048,
        decoder_layers: 6,
        decoder_attention_heads: 8,
        decoder_ffn_dim: 2048,
        activation_function: 'swish',
        scale_embedding: true,
      },
    },
  },
  tiny: { ...BART_TINY, scale_embedding: true, activation_function: 'swish' },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    const shared = c.share_encoder_decoder_embeddings;
    // transformers copies one table for both sides, so their sizes cannot differ
    if (!shared && (c.decoder_vocab_size ?? c.vocab_size) !== c.vocab_size)
      throw new UsageError(`marian: decoder_vocab_size ${c.decoder_vocab_size} must equal vocab_size ${c.vocab_size}`);
    return bartModel(g, inputs, c, {
      norm: 'post',
      positions: tabledSinusoids(c.max_position_embeddings, c.d_model),
      sharedWords: shared,
    });
  },
});
