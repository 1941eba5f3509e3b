// Speech2Text2: the decoder of speech encoder-decoders for translation; post-norm with sinusoidal positions, it looks at the
// states of a speech encoder, which are an input here.
// Wang et al. 2021, arXiv:2104.06678.

import { dimAdd, type Tensor } from '../../src/graph/index.js';
import { decoderLayers, embedTokens, rememberLayers, type StackOptions } from '../blocks/bart.js';
import { decoderSteps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask, paddingMask } from '../blocks/mask.js';
import { countedSinusoids } from '../blocks/position.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel, mask, reals, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 10000,
    d_model: 256,
    decoder_layers: 6,
    decoder_attention_heads: 4,
    decoder_ffn_dim: 2048,
    activation_function: 'relu',
    scale_embedding: true,
    pad_token_id: 1,
    tie_word_embeddings: true,
  },
  ['max_target_positions', 'num_hidden_layers', 'decoder_layerdrop', 'init_std'],
);
type Config = ConfigOf<typeof config>;

const stack = (c: Config): StackOptions => ({
  layers: c.decoder_layers,
  heads: c.decoder_attention_heads,
  hidden: c.decoder_ffn_dim,
  activation: c.activation_function,
  norm: 'post',
});

export default defineModel({
  family: 'speech_to_text_2',
  architectures: ['Speech2Text2ForCausalLM'],
  modelTypes: ['speech_to_text_2'],
  task: 'automatic-speech-recognition',
  config,
  variants: {
    speech_to_text_2: {
      checkpoint: 'facebook/s2t-wav2vec2-large-en-de',
      parameters: 13_611_264,
      config: { decoder_layers: 7 },
    },
  },
  tiny: { vocab_size: 99, d_model: 32, decoder_layers: 2, decoder_attention_heads: 4, decoder_ffn_dim: 37 },
  sizes: { encoder_seq: 50 }, // a second of speech
  preprocess: { text: 'BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => {
    const states = { encoder_hidden_states: reals('batch', 'encoder_seq', c.d_model) };
    if (form === 'encode') return states;
    return {
      input_ids: tokens(c.vocab_size, 'batch', 'seq'),
      attention_mask: mask('batch', form === 'cached' ? dimAdd('past', 'seq') : 'seq'),
      ...(form === 'cached' ? {} : states),
      encoder_attention_mask: mask('batch', 'encoder_seq'),
    };
  },
  graph(g, inputs, c): Record<string, Tensor> {
    const decoder = g.at('model.decoder');
    const { encoder_hidden_states: states = null, input_ids: ids, attention_mask: keys } = inputs;
    const options = stack(c);
    if (g.options.form === 'encode') {
      rememberLayers(decoder, inputs.encoder_hidden_states, c.d_model, options);
      return {};
    }
    const words = embedding(decoder.at('embed_tokens'), c.vocab_size, c.d_model);
    const at = decoderSteps(ids, keys, options.heads, c.d_model / options.heads);
    const h = embedTokens(decoder, words, ids, at, {
      scale: c.scale_embedding ? Math.sqrt(c.d_model) : 1,
      positions: countedSinusoids(c.d_model, c.pad_token_id),
    });
    const memory = { states, mask: paddingMask(inputs.encoder_attention_mask), length: 'encoder_seq' };
    const made = decoderLayers(decoder, h, causalMask(g, at, keys), memory, options);
    return {
      logits: c.tie_word_embeddings
        ? words.project(made)
        : linear(g.at('lm_head'), made, c.vocab_size, { bias: false }),
    };
  },
});
