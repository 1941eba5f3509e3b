// The decoder's streams of ProphetNet (Qi et al. 2020, arXiv:2001.04063): the words, and one stream for each token that is predicted.

import { add, concat, expand, gather, minimum, type Scope, type Tensor } from '../../src/graph/index.js';
import type { Steps } from './cache.js';
import { embedding } from './linear.js';

/** Keys of the configuration that these parts read. */
export interface NgramKeys {
  hidden_size: number;
  max_position_embeddings: number;
  pad_token_id: number;
  ngram: number;
}

/** Learned positions, counted from pad_token_id + 1 on and held at the last row. @param ahead places farther on */
export function heldPlaces(scope: Scope, positions: Tensor, ahead: number, c: NgramKeys): Tensor {
  const table = embedding(scope.at('position_embeddings'), c.max_position_embeddings, c.hidden_size);
  return table.lookup(add(minimum(add(positions, c.pad_token_id + 1), c.max_position_embeddings - 1), ahead));
}

/** words [batch, seq, width] -> [batch, (1 + ngram) * seq, width]. */
export function ngramStreams(scope: Scope, words: Tensor, at: Steps, c: NgramKeys): Tensor {
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
