// Embeddings of the BERT line: the sum of a word's, its place's and its segment's, then a LayerNorm.

import {
  add,
  cast,
  cumSum,
  equal,
  gather,
  mul,
  not,
  range,
  type Scope,
  slice,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { embedding } from './linear.js';
import { layerNorm } from './norm.js';

export interface BertEmbeddingOptions {
  /** Of the LayerNorm; null: there is none. */
  epsilon: number | null;
  /** Name of the LayerNorm. */
  norm?: string;
  /** Rows of position_embeddings; 0: places are not embedded. */
  places: number;
  /** Places [batch or 1, seq]; default 0 to seq - 1. */
  positions?: Tensor;
  /** Rows of token_type_embeddings; 0: there are no segments. */
  types: number;
  /** Segments [batch, seq]; default 0 everywhere. */
  segments?: Tensor;
}

/** words [batch, seq, width] -> [batch, seq, width]; `further` terms join the sum. */
export function bertEmbeddings(
  scope: Scope,
  words: Tensor,
  options: BertEmbeddingOptions,
  further: readonly Tensor[] = [],
): Tensor {
  const width = words.dim(-1) as number;
  const terms = [...further];
  if (options.types > 0) {
    const kinds = embedding(scope.at('token_type_embeddings'), options.types, width);
    terms.push(options.segments ? kinds.lookup(options.segments) : gather(kinds.weight, 0));
  }
  if (options.places > 0) {
    const places = embedding(scope.at('position_embeddings'), options.places, width);
    terms.push(options.positions ? places.lookup(options.positions) : slice(places.weight, 0, 0, words.dim(1)));
  }
  const sum = terms.reduce(add, words);
  return options.epsilon === null ? sum : layerNorm(scope.at(options.norm ?? 'LayerNorm'), sum, options.epsilon);
}

/**
 * RoBERTa's places: words count from pad + 1 on, padding stays at pad. ids [batch, seq] -> int64 [batch, seq].
 * @param rows of the table that is read at them
 */
export function placesOfWords(ids: Tensor, pad: number, rows: number): Tensor {
  ids.graph.limit(ids.dim(1), rows - pad - 1);
  const kept = cast(not(equal(ids, pad)), 'int64');
  return add(mul(cumSum(kept, 1), kept), pad);
}

/**
 * Places from 2 on, whatever the words: [1, seq] for ids [batch, seq]. The first two rows of such a table are never read.
 * @param count of the rows behind them
 */
export function shiftedPlaces(ids: Tensor, count: number): Tensor {
  ids.graph.limit(ids.dim(1), count);
  return unsqueeze(range(ids.graph, ids.dim(1), 2), 0);
}
