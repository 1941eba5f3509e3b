// Text on a page (UDOP: Tang et al. 2022, arXiv:2212.02623): words have boxes in [0, 1], and patches of the page's image join the
// words that stand on them.

import {
  add,
  cast,
  clip,
  concat,
  div,
  equal,
  expand,
  floor,
  gather,
  gatherND,
  mul,
  or,
  range,
  reduceMax,
  reduceMean,
  type Scope,
  sub,
  type Tensor,
  topK,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { embedding } from './linear.js';
import { type BucketOptions, bucketScores } from './relative-bias.js';

/** Tokens of text, or of text and image: states [batch, seq, width], boxes [batch, seq, 4], mask int64 [batch, seq]. */
export interface Layout {
  states: Tensor;
  boxes: Tensor;
  mask: Tensor;
}

/**
 * Adds to each word the patch under its box's centre, unless the box is all 0 or all 1. Patches without a word follow the text,
 * packed, with zeros behind them: as many places as there are patches.
 * @param patches [batch, side * side, width], row by row
 * @returns boxes in float64, which later roundings depend on
 */
export function joinPatches(text: Layout, patches: Tensor, side: number): Layout {
  const g = patches.graph;
  const coordinate = (index: number): Tensor => gather(text.boxes, index, 2); // [batch, seq]
  const cell = (a: number, b: number): Tensor =>
    clip(cast(floor(mul(div(add(coordinate(a), coordinate(b)), 2), side)), 'int64'), 0, side - 1);
  const under = add(cell(0, 2), mul(cell(1, 3), side)); // [batch, seq]
  const boxes = cast(text.boxes, 'float64');
  const mean = reduceMean(boxes, -1);
  const nowhere = unsqueeze(or(equal(mean, 0), equal(mean, 1)), 2);
  const states = add(text.states, where(nowhere, 0, gatherND(patches, unsqueeze(under, 2), 1)));

  const count = side * side;
  const used = reduceMax(cast(equal(unsqueeze(under, 2), range(g, count)), 'int64'), 1); // [batch, count]
  const [free, order] = topK(sub(1, used), count, 1); // the free ones first, each kind in order
  const kept = (x: Tensor): Tensor => mul(gatherND(x, unsqueeze(order, 2), 1), unsqueeze(cast(free, x.dtype), 2));
  const grid = expand(unsqueeze(g.constant(gridBoxes(side), 'float64', [count, 4]), 0), [boxes.dim(0), count, 4]);
  return {
    states: concat([states, kept(patches)], 1),
    boxes: concat([boxes, kept(grid)], 1),
    mask: concat([text.mask, free], 1),
  };
}

/** Left, top, right and bottom of the patches, in torch's float32 steps. */
function gridBoxes(side: number): number[] {
  const edge = (index: number): number => Math.fround(index / side);
  return Array.from({ length: side * side }, (_, patch) => {
    const [row, column] = [Math.floor(patch / side), patch % side];
    return [edge(column), edge(row), edge(column + 1), edge(row + 1)];
  }).flat();
}

/** Learned embeddings of the four edges, `<scope>.x_position_embeddings` and `y_...`: boxes [batch, seq, 4] -> [batch, seq, width]. */
export function boxEmbedding(scope: Scope, boxes: Tensor, count: number, width: number): Tensor {
  const places = cast(mul(clip(boxes, 0, 1), count - 1), 'int64');
  const [x, y] = ['x', 'y'].map((axis) => embedding(scope.at(`${axis}_position_embeddings`), count, width));
  const edges = [x, y, x, y].map((table, index) => table.lookup(gather(places, index, 2)));
  return edges.reduce(add);
}

export interface BoxBiasOptions extends BucketOptions {
  heads: number;
  /** Distances are whole parts of this many to the width or height of the page. */
  scale: number;
}

/** Scores of distances of the boxes' middles along an axis, from `<scope>.weight`: [batch, heads, seq, seq]. */
export function boxBias(scope: Scope, boxes: Tensor, axis: 'x' | 'y', o: BoxBiasOptions): Tensor {
  const [from, to] = axis === 'x' ? [0, 2] : [1, 3];
  const middle = div(add(gather(boxes, from, 2), gather(boxes, to, 2)), 2); // [batch, seq]
  const distances = cast(mul(sub(unsqueeze(middle, 1), unsqueeze(middle, 2)), o.scale), 'int64');
  return transpose(bucketScores(scope, distances, o.heads, o), [0, 3, 1, 2]);
}
