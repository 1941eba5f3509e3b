// XLM's encoder and FlauBERT's after it: BERT's layers in names of their own, languages in the embeddings, and padding set to
// zero after every layer. Conneau and Lample 2019, arXiv:1901.07291.

import { add, cast, type Graph, mul, slice, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { constant, type Inputs, mask, optional, tokens } from '../define.js';
import { bertLayer } from './bert-layer.js';
import { embedding, linear } from './linear.js';
import { additive, causal, paddingMask } from './mask.js';
import { layerNorm } from './norm.js';

/** Keys of XLMConfig with its defaults. */
export const xlmFields = {
  vocab_size: 30145,
  n_words: nullable<number>('number'), // older name of vocab_size
  emb_dim: 2048,
  n_layers: 12,
  n_heads: 16,
  gelu_activation: true,
  causal: false,
  asm: oneOf(false),
  n_langs: 1,
  use_lang_emb: true,
  max_position_embeddings: 512,
  layer_norm_eps: 1e-12,
  is_encoder: oneOf(true),
  tie_word_embeddings: true,
};
const xlmConfig = defineConfig(xlmFields);
type XlmConfig = ConfigOf<typeof xlmConfig>;

/** Keys that a forward pass does not read; the sinusoids of sinusoidal_embeddings are only first values of a table. */
export const xlmIgnored =
  `sinusoidal_embeddings embed_init_std bos_index eos_index pad_index unk_index mask_index mask_token_id lang_id id2lang lang2id summary_type
  summary_use_proj summary_activation summary_proj_to_labels summary_first_dropout start_n_top end_n_top max_vocab share_inout_emb
  amp bptt clip_grad_norm encoder_only fp16 group_by_size langs lg_sampling_factor lgs max_batch_size min_count mlm_steps same_enc_dec
  sample_alpha tokens_per_batch word_blank word_dropout word_keep word_mask word_mask_keep_rand word_pred word_rand word_shuffle`.split(
    /\s+/,
  );

export const xlmTiny = { vocab_size: 99, emb_dim: 32, n_layers: 2, n_heads: 4, max_position_embeddings: 64 };

export const xlmInputs = (c: Pick<XlmConfig, 'vocab_size' | 'n_words'>): Inputs => ({
  input_ids: tokens(c.n_words ?? c.vocab_size, 'batch', 'seq'),
  attention_mask: mask('batch', 'seq'),
  langs: optional(constant(0, 'batch', 'seq')),
  token_type_ids: optional(constant(0, 'batch', 'seq')),
  position_ids: optional(constant(0, 'batch', 'seq')),
});

/** The encoder below `transformer` and the word head `pred_layer`: scores [batch, seq, vocab_size]. */
export function xlmWithWords(g: Graph, inputs: Record<string, Tensor>, c: XlmConfig & { pre_norm?: boolean }): Tensor {
  const count = c.n_words ?? c.vocab_size;
  const { input_ids, attention_mask, langs, token_type_ids, position_ids } = inputs;
  const scope = g.at('transformer');
  const words = embedding(scope.at('embeddings'), count, c.emb_dim);
  const places = embedding(scope.at('position_embeddings'), c.max_position_embeddings, c.emb_dim);
  let h = add(
    words.lookup(input_ids),
    position_ids ? places.lookup(position_ids) : slice(places.weight, 0, 0, input_ids.dim(1)),
  );
  if (langs && c.use_lang_emb && c.n_langs > 1)
    h = add(h, embedding(scope.at('lang_embeddings'), c.n_langs, c.emb_dim).lookup(langs));
  if (token_type_ids) h = add(h, words.lookup(token_type_ids)); // segments are named by words
  const kept = unsqueeze(cast(attention_mask, g.options.dtype), 2);
  h = mul(layerNorm(scope.at('layer_norm_emb'), h, c.layer_norm_eps), kept);
  // A causal query sees every earlier place, padding too.
  const seen = c.causal ? additive(causal(g, { past: 0, seq: input_ids.dim(1) })) : paddingMask(attention_mask);
  for (let index = 0; index < c.n_layers; index++) {
    const layer = bertLayer(scope, h, {
      heads: c.n_heads,
      hidden: 4 * c.emb_dim,
      activation: c.gelu_activation ? 'gelu' : 'relu',
      epsilon: c.layer_norm_eps,
      norm: c.pre_norm ? 'pre' : 'post',
      mask: seen,
      names: {
        query: `attentions.${index}.q_lin`,
        key: `attentions.${index}.k_lin`,
        value: `attentions.${index}.v_lin`,
        output: `attentions.${index}.out_lin`,
        attentionNorm: `layer_norm1.${index}`,
        up: `ffns.${index}.lin1`,
        down: `ffns.${index}.lin2`,
        mlpNorm: `layer_norm2.${index}`,
      },
    });
    h = mul(layer, kept);
  }
  const head = g.at('pred_layer.proj');
  return c.tie_word_embeddings ? words.project(h, head.parameter('bias', [count])) : linear(head, h, count);
}
