// What DeBERTa's two generations share: embeddings that padding does not enter, attention scores that also weigh contents
// against distances, and the word head. He et al. 2020, arXiv:2006.03654; 2021, arXiv:2111.09543.

import {
  add,
  and,
  cast,
  clip,
  type Dim,
  expand,
  type Graph,
  gather,
  gatherElements,
  matmul,
  mul,
  range,
  sub,
  swapAxes,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { constant, type Inputs, mask, optional, tokens } from '../define.js';
import { attend, mergeHeads } from './attention.js';
import { coreFields } from './bert-config.js';
import { bertEmbeddings } from './bert-embedding.js';
import { headOptions } from './bert-model.js';
import { type Embedding, embedding, linear } from './linear.js';
import { additive, keepsKeys, lowest } from './mask.js';
import { layerNorm } from './norm.js';
import { wordHead } from './word-head.js';

/** Keys of DebertaConfig and DebertaV2Config, with the former's defaults. */
export const debertaFields = {
  ...coreFields,
  vocab_size: 50265,
  embedding_size: nullable<number>('number'), // null: hidden_size
  type_vocab_size: 0,
  layer_norm_eps: 1e-7,
  relative_attention: false,
  max_relative_positions: -1, // below 1: max_position_embeddings
  position_biased_input: true,
  pos_att_type: nullable<string | string[]>(null),
  legacy: true,
  talking_head: oneOf(false),
};
const debertaConfig = defineConfig(debertaFields);
export type DebertaConfig = ConfigOf<typeof debertaConfig>;

export const debertaIgnored = [
  'pooler_hidden_size',
  'pooler_size',
  'pooler_dropout',
  'pooler_hidden_act',
  'padding_idx',
];

export const debertaInputs = (c: { vocab_size: number }): Inputs => ({
  input_ids: tokens(c.vocab_size, 'batch', 'seq'),
  attention_mask: mask('batch', 'seq'),
  token_type_ids: optional(constant(0, 'batch', 'seq')),
  position_ids: optional(constant(0, 'batch', 'seq')),
});

/** pos_att_type as a list: 'c2p|p2c' and ['c2p', 'p2c'] are the same. */
export function scoreKinds(c: Pick<DebertaConfig, 'pos_att_type'>): string[] {
  const kinds = c.pos_att_type ?? [];
  if (typeof kinds === 'string') return kinds.split('|').map((kind) => kind.trim().toLowerCase());
  if (Array.isArray(kinds) && kinds.every((kind) => typeof kind === 'string')) return kinds;
  throw new UsageError(`config.pos_att_type: expected names like 'c2p|p2c', got ${JSON.stringify(kinds)}`);
}

/** Words to states [batch, seq, hidden_size] below 'deberta.embeddings'. */
export function debertaEmbeddings(
  g: Graph,
  inputs: Record<string, Tensor>,
  c: DebertaConfig,
): { words: Embedding; states: Tensor } {
  const scope = g.at('deberta.embeddings');
  const width = c.embedding_size ?? c.hidden_size;
  const words = embedding(scope.at('word_embeddings'), c.vocab_size, width);
  let h = bertEmbeddings(scope, words.lookup(inputs.input_ids), {
    epsilon: null,
    places: c.position_biased_input ? c.max_position_embeddings : 0,
    positions: inputs.position_ids,
    types: c.type_vocab_size,
    segments: inputs.token_type_ids,
  });
  if (width !== c.hidden_size) h = linear(scope.at('embed_proj'), h, c.hidden_size, { bias: false });
  h = layerNorm(scope.at('LayerNorm'), h, c.layer_norm_eps);
  return { words, states: mul(h, unsqueeze(cast(inputs.attention_mask, h.dtype), 2)) };
}

export interface Pairs {
  /** Both places are words: bool [batch, 1, seq, seq]. */
  allowed: Tensor;
  /** 1 for words, 0 for padding: [batch, 1, seq, 1]. */
  queries: Tensor;
}

export function pairsOfWords(attentionMask: Tensor): Pairs {
  const keys = keepsKeys(attentionMask);
  const queries = swapAxes(keys, 2, 3);
  return { allowed: and(keys, queries), queries: cast(queries, attentionMask.graph.options.dtype) };
}

/**
 * Attention of contents and, where given, of their distances. A query of padding sees all places alike: its own scores are
 * zero, so that this does not hang on how far the lowest number of a type is from the others.
 * @param scores of distances, not yet scaled
 * @param kinds of scores that add up: the scale falls with their number
 */
export function attendPairs(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  pairs: Pairs,
  scores: Tensor | null,
  kinds: number,
): Tensor {
  const scale = 1 / Math.sqrt((q.dim(3) as number) * kinds);
  const mask = scores ? where(pairs.allowed, mul(scores, scale), lowest(q.graph)) : additive(pairs.allowed);
  return mergeHeads(attend(mul(q, pairs.queries), k, v, { scale, mask }));
}

/** Embeddings of distances [1, 2 * span, hidden_size], and which of them each pair of places has [seq, seq]. */
export interface Distances {
  table: Tensor;
  rows: Tensor;
}

/**
 * Rows of a table of 2 * span distances: query place - key place, or its bucket, clipped: int64 [seq, seq].
 * @param bucket of a distance of at least 0
 */
export function distanceRows(g: Graph, seq: Dim, span: number, bucket?: (distance: number) => number): Tensor {
  const places = range(g, seq);
  const distance = sub(unsqueeze(places, 1), unsqueeze(places, 0));
  if (!bucket) return clip(add(distance, span), 0, 2 * span - 1);
  // Beyond the first distance whose bucket fills the span, nothing changes any more.
  let far = 1;
  while (bucket(far) < span && far < MOST_DISTANCES) far++;
  const row = (from: number): number =>
    Math.min(2 * span - 1, Math.max(0, Math.sign(from) * bucket(Math.abs(from)) + span));
  const rows = Array.from({ length: 2 * far + 1 }, (_, index) => row(index - far));
  return gather(g.constant(rows, 'int64'), add(clip(distance, -far, far), far));
}
const MOST_DISTANCES = 1 << 16;

const f32 = Math.fround;

/** Distances up to half the buckets as they are, the others on a logarithmic scale that ends at `far`; in float32 steps. */
export function logBucket(distance: number, buckets: number, far: number): number {
  const middle = Math.floor(buckets / 2);
  if (distance <= middle) return distance;
  const log = (x: number): number => f32(Math.log(f32(x / middle)));
  return Math.ceil(f32(f32(log(distance) / log(far - 1)) * (middle - 1))) + middle;
}

/**
 * Scores of contents against distances, not yet scaled: [batch, heads, seq, seq].
 * @param q,k [batch, heads, seq, width]
 * @param keys of the distances [1, heads, 2 * span, width], for the queries (c2p)
 * @param queries of the distances, for the keys (p2c)
 */
export function distanceScores(q: Tensor, k: Tensor, rows: Tensor, keys?: Tensor, queries?: Tensor): Tensor | null {
  const pick = (content: Tensor, table: Tensor, index: Tensor): Tensor => {
    const all = matmul(content, swapAxes(table, 2, 3)); // [batch, heads, seq, 2 * span]
    return gatherElements(all, expand(unsqueeze(index, 0, 1), [...all.shape.slice(0, 3), index.dim(1)]), 3);
  };
  const byContent = keys && pick(q, keys, rows);
  const byPlace = queries && swapAxes(pick(k, queries, transpose(rows, [1, 0])), 2, 3);
  return byContent && byPlace ? add(byContent, byPlace) : (byContent ?? byPlace ?? null);
}

/** The word head, in the names of transformers' first port (legacy) or of the original: [batch, seq, vocab_size]. */
export function debertaHead(g: Graph, h: Tensor, words: Embedding, c: DebertaConfig): Tensor {
  const options = { words, ...headOptions(c) };
  if (c.legacy) return wordHead(g.at('cls.predictions'), h, options);
  if (c.tie_word_embeddings)
    throw new UsageError(
      'config.legacy: false needs tie_word_embeddings: false (transformers ties a layer of another size)',
    );
  return wordHead(g.at('lm_predictions.lm_head'), h, { ...options, tied: true, names: ['dense', 'LayerNorm'] });
}
