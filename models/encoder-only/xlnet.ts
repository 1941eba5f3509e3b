// XLNet: Transformer-XL's attention in both directions; trained to predict words in any order, with a second stream of queries that
// see the places to predict but not their words.
// Yang et al. 2019, arXiv:1906.08237.

import {
  add,
  and,
  cast,
  clip,
  concat,
  cos,
  type Dim,
  dimAdd,
  equal,
  expand,
  type Graph,
  gather,
  greater,
  greaterOrEqual,
  lessOrEqual,
  matmul,
  mul,
  neg,
  not,
  or,
  range,
  reshape,
  type Scope,
  sin,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { head } from '../blocks/decoder.js';
import { embedding, sharedProduct } from '../blocks/linear.js';
import { sameSegment } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { distanceScores, headBias, headWeight, segmentScores, toHeads } from '../blocks/xl-attention.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
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
type Config = ConfigOf<typeof config>;

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
    const places = distances(g, seq, batch, c);
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
      const next = attention(part, h, h, content, c);
      if (ahead) ahead = forward(attention(part, ahead, h, queries, c, target_mapping));
      h = forward(next);
    }
    return { logits: head(g.at('lm_loss'), ahead ?? h, words, { tied: c.tie_word_embeddings, bias: true }) };
  },
});

/** What a token may not see: bool [batch or 1, 1, seq, seq], or null where it sees all. */
function hiddenKeys(
  g: Graph,
  seq: Dim,
  attention: Tensor | undefined,
  permutation: Tensor | undefined,
  c: Config,
): Tensor | null {
  const parts: Tensor[] = [];
  if (c.attn_type === 'uni') {
    const [query, key] = [unsqueeze(range(g, seq), 1), unsqueeze(range(g, seq), 0)];
    const seen = lessOrEqual(key, query);
    parts.push(unsqueeze(not(c.same_length ? and(seen, greaterOrEqual(key, query)) : seen), 0, 1));
  }
  if (attention) parts.push(unsqueeze(not(cast(attention, 'bool')), 1, 2));
  if (permutation) parts.push(unsqueeze(greater(permutation, 0), 1));
  return parts.length === 0 ? null : parts.reduce((all, part) => or(all, part));
}

/** Sinusoids of the distances: [distances, d_model], or [2, distances, d_model] and which of the two each row takes. */
function distances(g: Graph, seq: Dim, batch: Dim, c: Config): { table: Tensor; rows: Tensor | null } {
  const count = dimAdd(seq, c.attn_type === 'bi' ? seq : 1);
  const falling = sub(g.size(seq), range(g, count)); // seq, seq - 1, ...
  const clamped = c.clamp_len > 0 ? clip(falling, -c.clamp_len, c.clamp_len) : falling;
  const frequencies = Array.from({ length: c.d_model / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(10000 ** Math.fround((2 * i) / c.d_model))),
  );
  const waves = (place: Tensor): Tensor => {
    const angle = mul(unsqueeze(cast(place, 'float32'), 1), g.constant(frequencies, 'float32'));
    return cast(concat([sin(angle), cos(angle)], 1), g.options.dtype);
  };
  if (!c.bi_data) return { table: waves(clamped), rows: null };
  const table = concat([unsqueeze(waves(clamped), 0), unsqueeze(waves(neg(clamped)), 0)], 0);
  const half = g.node('Div', [g.size(batch), g.constant([2], 'int64')], {}, [{ dtype: 'int64', shape: [1] }])[0];
  return { table, rows: cast(greaterOrEqual(range(g, batch), half), 'int64') };
}

interface Sight {
  places: ReturnType<typeof distances>;
  different: Tensor | null;
  mask: Tensor | null;
}

/**
 * Content states h [batch, seq, d_model] seen by x, which is h itself, or [batch, predictions, d_model] that `mapping` puts at its
 * places in the text and takes from there.
 */
function attention(scope: Scope, x: Tensor, h: Tensor, sight: Sight, c: Config, mapping?: Tensor): Tensor {
  const width = c.d_model / c.n_head;
  const project = (name: string, from: Tensor): Tensor => toHeads(scope, name, from, c.n_head, width);
  const bias = (name: string): Tensor => headBias(scope, name, c.n_head, width);
  const queries = (): Tensor => {
    if (!mapping) return project('q', x);
    const flat = matmul(x, headWeight(scope, 'q', [c.d_model, c.n_head, width]));
    return splitHeads(matmul(swapAxes(mapping, 1, 2), flat), c.n_head);
  };
  const [q, k, v] = [queries(), project('k', h), project('v', h)];
  const { table, rows } = sight.places;
  const relative = project('r', table); // [heads, distances, width], or [2, heads, distances, width]
  const scale = width ** -0.5;
  let scores = distanceScores(add(q, bias('r_r_bias')), rows ? gather(relative, rows) : relative, k.dim(2));
  if (sight.different) scores = add(scores, segmentScores(scope, q, bias('r_s_bias'), sight.different));
  scores = mul(scores, scale);
  const mixed = mergeHeads(
    attend(add(q, bias('r_w_bias')), k, v, { scale, mask: sight.mask ? add(scores, sight.mask) : scores }),
  );
  const out = sharedProduct(
    mapping ? matmul(mapping, mixed) : mixed,
    reshape(headWeight(scope, 'o', [c.d_model, c.n_head, width]), [c.d_model, c.d_model]),
  );
  return layerNorm(scope.at('layer_norm'), add(out, x), c.layer_norm_eps);
}
