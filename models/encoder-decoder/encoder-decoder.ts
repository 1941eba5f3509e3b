// Encoder-decoder: two pretrained BERTs joined, the second causal and with cross-attention ("bert2bert").
// Rothe, Narayan and Severyn 2019, arXiv:1907.12461.

import type { Graph, Tensor } from '../../src/graph/index.js';
import { type BertConfig, bertFields, bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { rememberBertLayers } from '../blocks/bert-layer.js';
import { bertEncoder, bertModel, headOptions, layerOptions } from '../blocks/bert-model.js';
import { decoderSteps, encoderDecoderInputs } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { encoderDecoder, type Memory } from '../blocks/memory.js';
import { unusedPooler, wordHead } from '../blocks/word-head.js';
import { defineConfig, nested, oneOf } from '../config.js';
import { constant, defineModel, optional } from '../define.js';

const half = { ...bertFields, model_type: oneOf('bert') };

const config = defineConfig(
  {
    encoder: nested(defineConfig(half, bertIgnored)),
    decoder: nested(defineConfig({ ...half, is_decoder: oneOf(true), add_cross_attention: oneOf(true) }, bertIgnored)),
    tie_encoder_decoder: oneOf(false),
  },
  ['tie_word_embeddings'],
);

export default defineModel({
  family: 'encoder_decoder',
  architectures: ['EncoderDecoderModel'],
  modelTypes: ['encoder-decoder'],
  task: 'summarization',
  config,
  variants: {
    encoder_decoder: {
      checkpoint: 'patrickvonplaten/bert2bert_cnn_daily_mail',
      parameters: 247_363_386,
      config: {},
    },
  },
  tiny: {
    encoder: bertTiny,
    decoder: { ...bertTiny, intermediate_size: 41 },
  },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'WordPiece' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => ({
    ...encoderDecoderInputs(c.encoder.vocab_size, form, c.decoder.vocab_size),
    ...(form === 'cached' ? {} : { token_type_ids: optional(constant(0, 'batch', 'seq')) }),
  }),
  graph(g, inputs, c) {
    const decoder: BertConfig = { ...c.decoder, is_decoder: false, add_cross_attention: false };
    const width = decoder.hidden_size;
    const joined = (states: Tensor): Tensor =>
      c.encoder.hidden_size === width ? states : linear(g.at('enc_to_dec_proj'), states, width);
    return encoderDecoder(g, inputs, {
      encode: () => {
        unusedPooler(g.at('encoder.pooler'), c.encoder.hidden_size);
        return bertModel(g.at('encoder'), inputs, c.encoder).states;
      },
      remember: (states) =>
        rememberBertLayers(
          g.layers('decoder.bert.encoder.layer', decoder.num_hidden_layers),
          joined(states),
          width,
          layerOptions(decoder),
        ),
      decode: (memory) => decode(g, inputs, { ...memory, states: memory.states && joined(memory.states) }, decoder),
    });
  },
});

function decode(g: Graph, inputs: Record<string, Tensor>, cross: Memory, c: BertConfig): Record<string, Tensor> {
  const { decoder_input_ids: ids, decoder_attention_mask: keys } = inputs;
  const at = decoderSteps(ids, keys, c.num_attention_heads, c.hidden_size / c.num_attention_heads);
  const scope = g.at('decoder.bert');
  const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
  const embedded = bertEmbeddings(scope.at('embeddings'), words.lookup(ids), {
    epsilon: c.layer_norm_eps,
    places: c.position_embedding_type === 'absolute' ? c.max_position_embeddings : 0,
    positions: at.positions,
    types: c.type_vocab_size,
  });
  const h = bertEncoder(scope.at('encoder'), embedded, c, { mask: causalMask(g, at, keys), cross }, true);
  return { logits: wordHead(g.at('decoder.cls.predictions'), h, { words, ...headOptions(c) }) };
}
