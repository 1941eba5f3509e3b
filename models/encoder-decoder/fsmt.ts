// FSMT: the translation models of Facebook's WMT19 entry; post-norm, a table of words for each language, sinusoidal positions
// counted over what is no padding.
// Ng et al. 2019, arXiv:1907.06616.

import { equal, not } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import {
  BART_IGNORED,
  BART_KEYS,
  BART_TINY,
  bartStacks,
  decoderLayers,
  embedTokens,
  encoderLayers,
  rememberLayers,
} from '../blocks/bart.js';
import { decoderSteps, encoderDecoderInputs, steps } from '../blocks/cache.js';
import { embedding } from '../blocks/linear.js';
import { causalMask, paddingMask } from '../blocks/mask.js';
import { encoderDecoder } from '../blocks/memory.js';
import { countedTable } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const { vocab_size: _shared, ...KEYS } = BART_KEYS;
const { vocab_size: _tiny, ...TINY } = BART_TINY;

const config = defineConfig(
  {
    ...KEYS,
    src_vocab_size: 42024,
    tgt_vocab_size: 42024,
    activation_function: 'relu',
    scale_embedding: true,
    tie_word_embeddings: false,
    pad_token_id: 1,
  },
  [...BART_IGNORED, 'langs', 'decoder', 'vocab_size'],
);

export default defineModel({
  family: 'fsmt',
  architectures: ['FSMTForConditionalGeneration'],
  modelTypes: ['fsmt'],
  task: 'translation',
  config,
  variants: {
    fsmt: {
      checkpoint: 'facebook/wmt19-en-de',
      parameters: 314_880_000,
      config: { encoder_layers: 6, encoder_ffn_dim: 8192, decoder_layers: 6 },
    },
  },
  tiny: { ...TINY, src_vocab_size: 99, tgt_vocab_size: 83 },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.src_vocab_size, form, c.tgt_vocab_size),
  graph(g, inputs, c) {
    if (c.tie_word_embeddings && c.src_vocab_size !== c.tgt_vocab_size)
      throw new UsageError(
        `fsmt: tie_word_embeddings needs one vocabulary, not ${c.src_vocab_size} and ${c.tgt_vocab_size}`,
      );
    const [encoder, decoder] = [g.at('model.encoder'), g.at('model.decoder')];
    const { source, target } = bartStacks(c, { norm: 'post' });
    const style = {
      scale: c.scale_embedding ? Math.sqrt(c.d_model) : 1,
      positions: countedTable(c.max_position_embeddings + c.pad_token_id + 1, c.d_model, c.pad_token_id),
    };
    return encoderDecoder(g, inputs, {
      encode: () => {
        const words = embedding(encoder.at('embed_tokens'), c.src_vocab_size, c.d_model);
        const h = embedTokens(encoder, words, inputs.input_ids, steps(inputs.input_ids, undefined), style);
        return encoderLayers(encoder, h, paddingMask(inputs.attention_mask), source);
      },
      remember: (states) => rememberLayers(decoder, states, c.d_model, target),
      decode: (memory) => {
        const { decoder_input_ids: ids, decoder_attention_mask: given } = inputs;
        const at = decoderSteps(ids, given, target.heads, c.d_model / target.heads);
        // without a cache and a mask, padding among the target's tokens is hidden too
        const mask = given ?? (at.past === 0 ? not(equal(ids, c.pad_token_id)) : undefined);
        const own = c.tie_word_embeddings ? encoder : decoder;
        const words = embedding(own.at('embed_tokens'), c.tgt_vocab_size, c.d_model);
        const h = embedTokens(decoder, words, ids, at, style);
        return { logits: words.project(decoderLayers(decoder, h, causalMask(g, at, mask), memory, target)) };
      },
    });
  },
});
