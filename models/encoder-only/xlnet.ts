// XLNet: Transformer-XL's attention in both directions; trained to predict words in any order, with a second stream of queries that
// see the places to predict but not their words.
// Yang et al. 2019, arXiv:1906.08237.

import { add, and, equal, expand, not, range, type Tensor, unsqueeze, where } from '../../src/graph/index.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { sameSegment } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { hiddenKeys, seenDistances, streamAttention } from '../blocks/stream-attention.js';
import { defineConfig, oneOf } from '../config.js';
import { constant, defineModel, mask, optional, reals, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32_000,
    d_model: 1024,
    n_layer: 24,
    n_head: 16,
    d_inner: 4096,
    ff_activation: 'gelu',
    attn_type: oneOf('bi', 'uni'),
    layer_norm_eps: 1e-12,
    /** The second half of the batch reads its distances backwards. */
    bi_data: false,
    clamp_len: -1,
    same_length: false,
    tie_word_embeddings: true,
  },
  [
    'd_head',
    'end_n_top',
    'mem_len',
    'reuse_len',
    'start_n_top',
    'summary_activation',
    'summary_last_dropout',
    'summary_type',
    'summary_use_proj',
    'untie_r',
    'use_mems_eval',
    'use_mems_train',
  ],
  { n_token: 'vocab_size', hidden_size: 'd_model', num_attention_heads: 'n_head', num_hidden_layers: 'n_layer' },
);

export default defineModel({
  family: 'xlnet',
  architectures: ['XLNetLMHeadModel'],
  modelTypes: ['xlnet'],
  task: 'text-generation',
  config,
  variants: {
    xlnet: {
      checkpoint: 'xlnet/xlnet-base-cased',
      parameters: 116_750_336,
      config: { d_model: 768, n_layer: 12, n_head: 12, d_inner: 3072 },
    },
  },
  tiny: { vocab_size: 99, d_model: 32, n_layer: 2, n_head: 4, d_inner: 37 },
  sizes: { predictions: 1 },
  preprocess: { text: 'SentencePiece unigram' },
  // Its mems are hidden states of earlier segments that are not computed again: another result than the whole text's.
  uncached: 'its tokens see those behind them too, so each new one changes what all others hold',
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq'),
    /** 1 where a token (second axis) may not see another (third). */
    perm_mask: optional(reals('batch', 'seq', 'seq')),
    /** 1 at the place of each prediction: with it the logits are of the predictions. */
    target_mapping: optional(reals('batch', 'predictions', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, token_type_ids, perm_mask, target_mapping }, c) {
    const [batch, seq] = input_ids.shape;
    const words = embedding(g.at('transformer.word_embedding'), c.vocab_size, c.d_model);
    // transformers counts the mask as a parameter whether it is used or not.
    const unknown = g.at('transformer').parameter('mask_emb', [1, 1, c.d_model]);
    const hidden = hiddenKeys(g, seq, attention_mask, perm_mask, c);
    const own = unsqueeze(equal(unsqueeze(range(g, seq), 1), unsqueeze(range(g, seq), 0)), 0, 1);
    const places = seenDistances(g, seq, batch, c);
    const different = token_type_ids ? not(sameSegment(token_type_ids)) : null;
    const block = (bool: Tensor): Tensor => where(bool, g.options.dtype === 'float16' ? -65500 : -1e30, 0);
    const content = { places, different, mask: hidden && block(and(hidden, not(own))) };
    const queries = { places, different, mask: hidden && block(hidden) };
    let h = words.lookup(input_ids); // [batch, seq, d_model]
    let ahead = target_mapping && expand(unknown, [batch, target_mapping.dim(1), c.d_model]);
    for (const layer of g.layers('transformer.layer', c.n_layer)) {
      const part = layer.at('rel_attn');
      const forward = (x: Tensor): Tensor => {
        const names = ['layer_1', 'layer_2'] as const;
        const made = mlp(layer.at('ff'), x, { names, hidden: c.d_inner, activation: c.ff_activation });
        return layerNorm(layer.at('ff.layer_norm'), add(made, x), c.layer_norm_eps);
      };
      const next = streamAttention(part, h, h, content, c);
      if (ahead) ahead = forward(streamAttention(part, ahead, h, queries, c, target_mapping));
      h = forward(next);
    }
    return { logits: head(g.at('lm_loss'), ahead ?? h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});
