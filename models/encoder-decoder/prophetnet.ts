// ProphetNet: a post-norm encoder-decoder whose decoder predicts the next n tokens at once, one stream for each; XLM-ProphetNet is
// its multilingual checkpoint. The first predicting stream gives the logits.
// Qi et al. 2020, arXiv:2001.04063.

import { add, gather, reshape, slice, type Tensor } from '../../src/graph/index.js';
import { encoderLayers, rememberLayers, type StackOptions } from '../blocks/bart.js';
import { decoderSteps, encoderDecoderInputs, steps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { encoderDecoder } from '../blocks/memory.js';
import { mlp } from '../blocks/mlp.js';
import { heldPlaces, ngramDecoder } from '../blocks/ngram-streams.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30522,
    hidden_size: 1024,
    encoder_ffn_dim: 4096,
    num_encoder_layers: 12,
    num_encoder_attention_heads: 16,
    decoder_ffn_dim: 4096,
    num_decoder_layers: 12,
    num_decoder_attention_heads: 16,
    max_position_embeddings: 512,
    activation_function: 'gelu',
    ngram: 2,
    num_buckets: 32,
    relative_max_distance: 128,
    pad_token_id: 0,
    tie_word_embeddings: true,
  },
  ['eps', 'disable_ngram_loss', 'num_hidden_layers'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'prophetnet',
  architectures: ['ProphetNetForConditionalGeneration', 'XLMProphetNetForConditionalGeneration'],
  modelTypes: ['prophetnet', 'xlm-prophetnet'],
  task: 'text2text-generation',
  config,
  variants: {
    prophetnet: { checkpoint: 'microsoft/prophetnet-large-uncased', parameters: 391_321_600, config: {} },
    xlm_prophetnet: {
      checkpoint: 'microsoft/xprophetnet-large-wiki100-cased',
      parameters: 616_079_360,
      config: { vocab_size: 250_012 },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    encoder_ffn_dim: 37,
    num_encoder_layers: 2,
    num_encoder_attention_heads: 4,
    decoder_ffn_dim: 41,
    num_decoder_layers: 2,
    num_decoder_attention_heads: 4,
    max_position_embeddings: 64,
    ngram: 3,
    num_buckets: 8,
    relative_max_distance: 16,
  },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'WordPiece' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    const [encoder, decoder] = [g.at('prophetnet.encoder'), g.at('prophetnet.decoder')];
    const words = embedding(g.at('prophetnet.word_embeddings'), c.vocab_size, c.hidden_size);
    return encoderDecoder(g, inputs, {
      encode: () => {
        const { input_ids: ids } = inputs;
        const h = add(words.lookup(ids), heldPlaces(encoder, steps(ids, undefined).positions, 0, c));
        const normal = layerNorm(encoder.at('embeddings_layer_norm'), h, 1e-5);
        return encoderLayers(encoder, normal, paddingMask(inputs.attention_mask), stack(c, 'encoder'));
      },
      remember: (states) => rememberLayers(decoder, states, c.hidden_size, stack(c, 'decoder')),
      decode: (memory): Record<string, Tensor> => {
        const { decoder_input_ids: ids, decoder_attention_mask: mask } = inputs;
        const heads = c.num_decoder_attention_heads;
        const at = decoderSteps(ids, mask, heads, c.hidden_size / heads);
        const h = ngramDecoder(decoder, words.lookup(ids), at, mask, memory, c, stack(c, 'decoder')); // [batch, (1 + ngram) * seq, hidden_size]
        const streams = reshape(slice(h, 1, at.seq), [h.dim(0), c.ngram, at.seq, c.hidden_size]);
        const logits = c.tie_word_embeddings
          ? words.project(streams)
          : linear(g.at('lm_head'), streams, c.vocab_size, { bias: false });
        const first = gather(logits, 0, 1);
        return c.ngram > 1 ? { logits: first, logits_ngram: slice(logits, 1, 1) } : { logits: first };
      },
    });
  },
});

function stack(c: Config, side: 'encoder' | 'decoder'): StackOptions {
  const hidden = c[`${side}_ffn_dim`];
  return {
    layers: c[`num_${side}_layers`],
    heads: c[`num_${side}_attention_heads`],
    hidden,
    activation: c.activation_function,
    norm: 'post',
    names: {
      projections: ['query_proj', 'key_proj', 'value_proj', 'out_proj'],
      cross: 'cross_attn',
      feedNorm: 'feed_forward_layer_norm',
    },
    feed: (layer, x) =>
      mlp(layer.at('feed_forward'), x, {
        hidden,
        activation: c.activation_function,
        names: ['intermediate', 'output'],
      }),
  };
}
