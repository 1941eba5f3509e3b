// Whisper: speech as a log-mel spectrogram, shortened by two convolutions, read by an encoder and written down by a decoder.
// Radford et al. 2022, arXiv:2212.04356.

import { add, conv, type Scope, type Tensor, transpose } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { decoderLayers, encoderLayers, rememberLayers, type StackOptions } from '../blocks/bart.js';
import { decoderSteps, encoderDecoderInputs } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { encoderDecoder } from '../blocks/memory.js';
import { layerNorm } from '../blocks/norm.js';
import { learnedPositions } from '../blocks/position.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel, reals } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 51865,
    num_mel_bins: 80,
    d_model: 384,
    encoder_layers: 4,
    encoder_attention_heads: 6,
    encoder_ffn_dim: 1536,
    decoder_layers: 4,
    decoder_attention_heads: 6,
    decoder_ffn_dim: 1536,
    activation_function: 'gelu',
    max_source_positions: 1500,
    max_target_positions: 448,
    tie_word_embeddings: true,
  },
  `apply_spec_augment classifier_proj_size decoder_layerdrop encoder_layerdrop mask_feature_length mask_feature_min_masks mask_feature_prob
   mask_time_length mask_time_min_masks mask_time_prob median_filter_width num_hidden_layers use_weighted_layer_sum max_length scale_embedding
   forced_decoder_ids lang_to_id task_to_id`.split(/\s+/),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'whisper',
  architectures: ['WhisperForConditionalGeneration'],
  modelTypes: ['whisper'],
  task: 'automatic-speech-recognition',
  config,
  variants: { whisper: { checkpoint: 'openai/whisper-tiny', parameters: 37_760_640, config: {} } },
  tiny: {
    vocab_size: 99,
    num_mel_bins: 16,
    d_model: 32,
    encoder_layers: 2,
    encoder_attention_heads: 4,
    encoder_ffn_dim: 37,
    decoder_layers: 2,
    decoder_attention_heads: 4,
    decoder_ffn_dim: 37,
    max_source_positions: 30,
    max_target_positions: 20,
  },
  sizes: { decoder_seq: 1 },
  // 160 samples to a frame, two frames to a position; full size: 80 bands of 30 s at 16 kHz.
  preprocess: (c) => ({ audio: { kind: 'whisper', mels: c.num_mel_bins, samples: 320 * c.max_source_positions } }),
  forms: ['encode', 'cached'],
  inputs: (c, form) => {
    const { decoder_input_ids, decoder_attention_mask } = encoderDecoderInputs(c.vocab_size, form);
    const heard = { input_features: reals('batch', c.num_mel_bins, 2 * c.max_source_positions) };
    if (form === 'encode') return heard;
    return { ...(form === 'cached' ? {} : heard), decoder_input_ids, decoder_attention_mask };
  },
  graph(g, inputs, c) {
    const [encoder, decoder] = [g.at('model.encoder'), g.at('model.decoder')];
    const { source, target } = stacks(c);
    return encoderDecoder(g, inputs, {
      encode: () =>
        layerNorm(
          encoder.at('layer_norm'),
          encoderLayers(encoder, hear(encoder, inputs.input_features, c), null, source),
          1e-5,
        ),
      remember: (states) => rememberLayers(decoder, states, c.d_model, target),
      decode: (memory) => {
        const { decoder_input_ids: ids, decoder_attention_mask: mask } = inputs;
        const at = decoderSteps(ids, mask, target.heads, c.d_model / target.heads);
        const words = embedding(decoder.at('embed_tokens'), c.vocab_size, c.d_model);
        const places = learnedPositions(c.max_target_positions, c.d_model)(decoder.at('embed_positions'), ids, at);
        const h = decoderLayers(decoder, add(words.lookup(ids), places), causalMask(g, at, mask), memory, target);
        const made = layerNorm(decoder.at('layer_norm'), h, 1e-5); // [batch, decoder_seq, d_model]
        return {
          logits: c.tie_word_embeddings
            ? words.project(made)
            : linear(g.at('proj_out'), made, c.vocab_size, { bias: false }),
        };
      },
    });
  },
});

function stacks(c: Config): { source: StackOptions; target: StackOptions } {
  const both = { activation: c.activation_function, norm: 'pre', bias: [true, false, true, true] } as const;
  return {
    source: { ...both, layers: c.encoder_layers, heads: c.encoder_attention_heads, hidden: c.encoder_ffn_dim },
    target: { ...both, layers: c.decoder_layers, heads: c.decoder_attention_heads, hidden: c.decoder_ffn_dim },
  };
}

/** features [batch, mel bands, frames] -> [batch, frames / 2, d_model]. */
function hear(scope: Scope, features: Tensor, c: Config): Tensor {
  const layer = (name: string, x: Tensor, stride: number): Tensor => {
    const at = scope.at(name);
    const weight = at.parameter('weight', [c.d_model, x.dim(1) as number, 3]);
    return activation('gelu')(conv(x, weight, at.parameter('bias', [c.d_model]), { stride: [stride], padding: [1] }));
  };
  const h = transpose(layer('conv2', layer('conv1', features, 1), 2), [0, 2, 1]);
  return add(h, scope.at('embed_positions').parameter('weight', [c.max_source_positions, c.d_model]));
}
