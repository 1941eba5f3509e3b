// Answers as spans: a score for every run of words (REALM: Guu et al. 2020, arXiv:2002.08909).

import {
  add,
  and,
  argMax,
  concat,
  gather,
  range,
  reduceMax,
  reshape,
  type Scope,
  slice,
  type Tensor,
  where,
} from '../../src/graph/index.js';
import type { Outputs } from '../define.js';
import { activation } from './activation.js';
import { linear } from './linear.js';
import { lowest } from './mask.js';
import { layerNorm } from './norm.js';

export interface SpanOptions {
  /** Words of the longest span. */
  longest: number;
  /** Width of a span's features. */
  width: number;
  epsilon: number;
}

/**
 * Scores spans by width and then by start; the best over all blocks is the answer.
 * @param h [blocks, seq, width]
 * @param belongs which words a span may hold: bool [blocks, seq]
 * @param relevance of each block, added to its scores: [blocks, 1]
 * @returns reader_logits [blocks, spans], and block_idx, candidate (number of the span), start_pos, end_pos: [1]
 */
export function readSpans(
  scope: Scope,
  h: Tensor,
  belongs: Tensor,
  relevance: Tensor,
  { longest, width, epsilon }: SpanOptions,
): Outputs {
  const seq = h.dim(1);
  /** Joins what stands at the first and at the last word of each span. */
  const spans = (first: Tensor, last: Tensor, join: (a: Tensor, b: Tensor) => Tensor, axis: number): Tensor =>
    concat(
      Array.from({ length: longest }, (_, more) =>
        join(slice(first, axis, 0, more === 0 ? seq : -more), slice(last, axis, more)),
      ),
      axis,
    );
  const ends = linear(scope.at('dense_intermediate'), h, 2 * width);
  const hidden = activation('relu')(spans(slice(ends, 2, 0, width), slice(ends, 2, width), add, 1));
  const scores = linear(scope.at('dense_output'), layerNorm(scope.at('layer_normalization'), hidden, epsilon), 1);
  const inside = spans(belongs, belongs, and, 1);
  const raw = add(reshape(scores, inside.shape), relevance);
  const logits = where(inside, raw, lowest(scope.graph));
  const candidate = argMax(reduceMax(logits, 0, { keep: true }), 1);
  const places = range(scope.graph, seq);
  const firsts = spans(places, places, (first) => first, 0);
  const lasts = spans(places, places, (_, last) => last, 0);
  return {
    reader_logits: where(inside, raw, 0), // spans outside the block, which cannot win, show as 0
    block_idx: argMax(reduceMax(logits, 1), 0, { keep: true }),
    candidate,
    start_pos: gather(firsts, candidate),
    end_pos: gather(lasts, candidate),
  };
}
