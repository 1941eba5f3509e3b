// Choosing cells of a table from the states of its words (TAPAS: Herzig et al. 2020, arXiv:2004.02349).

import {
  add,
  and,
  argMax,
  cast,
  div,
  equal,
  full,
  type Graph,
  gatherElements,
  less,
  matmul,
  maximum,
  minimum,
  mul,
  not,
  range,
  reduceSum,
  reshape,
  scatterElements,
  sub,
  type Tensor,
  where,
} from '../../src/graph/index.js';

export interface CellOptions {
  rows: number;
  columns: number;
  /** Divides the logits of words. */
  temperature: number;
  /** Whether no column may be chosen. */
  allowNone: boolean;
}

/** Added to logits of what cannot be chosen. */
const NEVER = -10_000;

/**
 * Logits of words, averaged over their cells, pushed down outside the likeliest column.
 * Weights: output_weights, output_bias, column_output_weights, column_output_bias.
 * @param h [batch, seq, width]
 * @param place of each word in the table: int64 [batch, seq]; row 0 and column 0 are those of the question
 * @returns [batch, seq]
 */
export function cellLogits(
  g: Graph,
  h: Tensor,
  attentionMask: Tensor,
  place: { row: Tensor; column: Tensor },
  { rows, columns, temperature, allowNone }: CellOptions,
): Tensor {
  const states = cast(h, 'float32'); // half precision has no 1e-10
  const cell = add(mul(minimum(place.row, rows - 1), columns), minimum(place.column, columns - 1));
  const nothing = full(g, [h.dim(0), rows * columns], 0, 'float32');
  const sum = (ofWords: Tensor): Tensor => scatterElements(nothing, cell, ofWords, 1, 'add');
  const count = maximum(sum(full(g, cell.shape, 1, 'float32')), 1);
  const mean = (ofWords: Tensor): Tensor => div(sum(ofWords), count); // [batch, rows * columns]
  const score = (name: string): Tensor => {
    const width = h.dim(2) as number;
    const weight = cast(g.parameter(`${name}_weights`, [width]), 'float32');
    const scores = reshape(matmul(states, reshape(weight, [width, 1])), cell.shape);
    return add(scores, cast(g.parameter(`${name}_bias`, []), 'float32'));
  };
  const real = mean(cast(attentionMask, 'float32')); // 0 for cells that the table has not
  const perColumn = (ofCells: Tensor): Tensor => reduceSum(reshape(ofCells, [h.dim(0), rows, columns]), 1);
  const penalty = (condition: Tensor): Tensor => mul(cast(condition, 'float32'), NEVER);
  const cells = perColumn(real);
  const none = equal(range(g, columns), 0); // column 0 stands for choosing nothing
  let ofColumns = div(perColumn(mul(mean(score('column_output')), real)), add(cells, 1e-10));
  ofColumns = add(ofColumns, penalty(and(less(cells, 0.5), not(none))));
  if (!allowNone) ofColumns = add(ofColumns, penalty(none));
  const chosen = argMax(ofColumns, 1, { keep: true }); // [batch, 1]
  const column = g.constant(
    Array.from({ length: rows * columns }, (_, index) => index % columns),
    'int64',
  );
  const open = where(and(equal(column, chosen), not(equal(column, 0))), real, full(g, [1, 1], 0, 'float32'));
  const ofCells = add(mean(div(score('output'), temperature)), mul(sub(1, open), NEVER));
  return cast(gatherElements(ofCells, cell, 1), h.dtype);
}
