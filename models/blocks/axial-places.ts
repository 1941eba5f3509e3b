// Positions on a grid (Ho et al. 2019, arXiv:1912.12180; Kitaev et al. 2020, arXiv:2001.04451): a place's embedding is one part per
// axis of the grid, so a long text needs a short table per axis.

import { concat, div, gather, mod, reshape, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

/**
 * Tables `<scope>.weights.N` [1, ..., shape[N], ..., 1, widths[N]].
 * @param places int64 [count], row by row through the grid
 * @returns [count, sum of the widths]
 */
export function axialPlaces(scope: Scope, places: Tensor, shape: readonly number[], widths: readonly number[]): Tensor {
  if (widths.length !== shape.length)
    throw new UsageError(`axial_pos_embds_dim: [${widths}] must have an entry for every axis of [${shape}]`);
  const parts = shape.map((size, axis) => {
    const whole = [...shape.map((_, other) => (other === axis ? size : 1)), widths[axis]];
    const table = reshape(scope.parameter(`weights.${axis}`, whole), [size, widths[axis]]);
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return gather(table, mod(stride === 1 ? places : div(places, stride), size));
  });
  return concat(parts, -1);
}
