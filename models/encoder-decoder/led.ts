// LED: BART for long inputs, with Longformer's attention in the encoder: a window around each token, and a few global tokens.
// Beltagy, Peters and Cohan 2020, arXiv:2004.05150.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { linear } from '../blocks/linear.js';
import { summedMask } from '../blocks/mask.js';
import { learnedPositions } from '../blocks/position.js';
import { layerWindows, tokenMarks, windowAttention } from '../blocks/window-attention.js';
import { defineConfig, nullable } from '../config.js';
import { constant, defineModel } from '../define.js';

const { max_position_embeddings: _places, scale_embedding: _scale, ...KEYS } = BART_KEYS;
const { max_position_embeddings: _tiny, ...TINY } = BART_TINY;

const config = defineConfig(
  {
    ...KEYS,
    max_encoder_position_embeddings: 16384,
    max_decoder_position_embeddings: 1024,
    attention_window: nullable<number | number[]>(null, 512),
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'led',
  architectures: ['LEDForConditionalGeneration'],
  modelTypes: ['led'],
  task: 'summarization',
  config,
  variants: {
    led: {
      checkpoint: 'allenai/led-base-16384',
      parameters: 161_844_480,
      config: {
        d_model: 768,
        encoder_layers: 6,
        encoder_attention_heads: 12,
        encoder_ffn_dim: 3072,
        decoder_layers: 6,
        decoder_attention_heads: 12,
        decoder_ffn_dim: 3072,
        attention_window: Array<number>(6).fill(1024),
      },
    },
  },
  tiny: { ...TINY, max_encoder_position_embeddings: 64, max_decoder_position_embeddings: 48, attention_window: [4, 8] },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => ({
    ...encoderDecoderInputs(c.vocab_size, form),
    ...(form === 'cached' ? {} : { global_attention_mask: constant(0, 'batch', 'seq') }),
  }),
  graph(g, inputs, c) {
    const windows = layerWindows('led', c.attention_window, c.encoder_layers);
    const tokens = inputs.input_ids && tokenMarks(inputs);
    return bartModel(
      g,
      inputs,
      { ...c, scale_embedding: false, max_position_embeddings: 0 },
      {
        norm: 'post',
        embedNorm: 'sum',
        base: 'led',
        positions: learnedPositions(c.max_encoder_position_embeddings, c.d_model),
        targetPositions: learnedPositions(c.max_decoder_position_embeddings, c.d_model),
        targetMask: summedMask,
        encoder: {
          mix: (scope, x, layer) => {
            const options = { heads: c.encoder_attention_heads, window: windows[layer], ...tokens };
            return linear(scope.at('output'), windowAttention(scope.at('longformer_self_attn'), x, options), c.d_model);
          },
        },
      },
    );
  },
});
