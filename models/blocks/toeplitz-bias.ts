// Scores of Mega that depend on the places of query and key alone (Ma et al. 2022, arXiv:2209.10655).

import {
  add,
  cast,
  chunk,
  concat,
  cos,
  type Dim,
  gather,
  matmul,
  mul,
  range,
  type Scope,
  sin,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

/** A learned score for each distance, `<scope>.rel_pos_bias`: [seq, seq] for up to `count` places. */
export function toeplitzBias(scope: Scope, seq: Dim, count: number): Tensor {
  const places = range(scope.graph, seq);
  const distances = sub(unsqueeze(places, 0), unsqueeze(places, 1)); // key - query
  return gather(scope.parameter('rel_pos_bias', [2 * count - 1]), add(distances, count - 1));
}

/** Products of two learned vectors, each turned by a place: `<scope>.alpha` and `<scope>.b_param` [1, width] -> [seq, seq]. */
export function rotaryBias(scope: Scope, seq: Dim, width: number): Tensor {
  if (width % 2 !== 0) throw new UsageError(`mega.shared_representation_size: ${width} must be even for rotary places`);
  const half = width / 2;
  const { dtype } = scope.graph.options;
  const rates = Array.from({ length: half }, (_, index) => Math.exp((-index * Math.log(10000)) / half));
  const angles = mul(unsqueeze(cast(range(scope.graph, seq), 'float32'), 1), scope.graph.constant(rates, 'float32'));
  const [cosines, sines] = [cast(cos(angles), dtype), cast(sin(angles), dtype)]; // [seq, half]
  const turned = (name: string): Tensor => {
    const [a, b] = chunk(scope.parameter(name, [1, width]), 2, 1);
    return concat([sub(mul(a, cosines), mul(b, sines)), add(mul(b, cosines), mul(a, sines))], 1);
  };
  return matmul(turned('alpha'), swapAxes(turned('b_param'), 0, 1));
}
