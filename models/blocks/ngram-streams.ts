// The decoder's streams of ProphetNet (Qi et al. 2020, arXiv:2001.04063): the words, and one stream for each token that is predicted.

import { add, concat, expand, gather, minimum, type Scope, type Tensor } from '../../src/graph/index.js';
import { decoderLayers, type StackOptions } from './bart.js';
import type { Steps } from './cache.js';
import { embedding } from './linear.js';
import { summedMask } from './mask.js';
import type { Memory } from './memory.js';
import { ngramAttention } from './ngram-attention.js';
import { layerNorm } from './norm.js';

/** Keys of the configuration that these parts read. */
export interface NgramKeys {
  hidden_size: number;
  max_position_embeddings: number;
  pad_token_id: number;
  ngram: number;
  num_decoder_attention_heads: number;
  num_buckets: number;
  relative_max_distance: number;
}

/** Learned positions, counted from pad_token_id + 1 on and held at the last row. @param ahead places farther on */
export function heldPlaces(scope: Scope, positions: Tensor, ahead: number, c: NgramKeys): Tensor {
  const table = embedding(scope.at('position_embeddings'), c.max_position_embeddings, c.hidden_size);
  return table.lookup(add(minimum(add(positions, c.pad_token_id + 1), c.max_position_embeddings - 1), ahead));
}

/** words [batch, seq, width] -> [batch, (1 + ngram) * seq, width]. */
function ngramStreams(scope: Scope, words: Tensor, at: Steps, c: NgramKeys): Tensor {
  const tables = scope.at('ngram_embeddings').parameter('weight', [c.ngram, c.hidden_size]);
  // Places are held at the last row, and the one after it is not there.
  scope.graph.limit(at.total, c.max_position_embeddings - c.pad_token_id - 2);
  const next = heldPlaces(scope, at.positions, 1, c);
  // the first stream has the last embedding
  const streams = Array.from({ length: c.ngram }, (_, n) =>
    expand(add(next, gather(tables, (n + c.ngram - 1) % c.ngram)), words.shape),
  );
  return concat([add(words, heldPlaces(scope, at.positions, 0, c)), ...streams], 1);
}

/**
 * @param words [batch, seq, width]
 * @param keys mask of all tokens so far, [batch, past + seq]
 * @returns [batch, (1 + ngram) * seq, width]
 */
export function ngramDecoder(
  scope: Scope,
  words: Tensor,
  at: Steps,
  keys: Tensor | undefined,
  memory: Memory,
  c: NgramKeys,
  stack: StackOptions,
): Tensor {
  const h = ngramStreams(scope, words, at, c);
  const mask = summedMask(scope.graph, at, keys);
  const options = { heads: c.num_decoder_attention_heads, ngram: c.ngram, buckets: c.num_buckets, at, mask, keys };
  return decoderLayers(scope, layerNorm(scope.at('embeddings_layer_norm'), h, 1e-5), mask, memory, {
    ...stack,
    mix: (self, x, layer) => ngramAttention(self, x, { ...options, maxDistance: c.relative_max_distance, layer }),
  });
}
