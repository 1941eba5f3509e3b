// What ESM does with masked words: their embeddings are zero, and the others make up for them as in training.

import { cast, div, equal, mul, reduceMean, sub, type Tensor, unsqueeze, where } from '../../src/graph/index.js';

/** Share of masked tokens that the training kept to. */
const MASKED = 0.15 * 0.8;

/** @param h [batch, seq, width] @param ids int64 [batch, seq] */
export function withoutMasks(h: Tensor, ids: Tensor, maskId: number): Tensor {
  const masked = equal(ids, maskId); // [batch, seq]
  const share = reduceMean(cast(masked, 'float32'), 1, { keep: true }); // padding counts as well
  const scale = cast(div(1 - MASKED, sub(1, share)), h.graph.options.dtype);
  return mul(where(unsqueeze(masked, 2), 0, h), unsqueeze(scale, 2));
}
