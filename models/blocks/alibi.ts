// ALiBi (Press et al. 2021, arXiv:2108.12409): instead of positions, scores that grow linearly with the key's place, by a slope
// of each head's own. Only differences within a row of scores count, so any common shift of the places is allowed.

import { cast, mul, type Tensor, unsqueeze } from '../../src/graph/index.js';

const f32 = Math.fround;
const powers = (base: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, i) => f32(base ** (1 + i * step)));

/** The authors' slopes: a geometric series where the heads are a power of two; else every second of the next series too. */
export function alibiSlopes(heads: number): number[] {
  const floor = 2 ** Math.floor(Math.log2(heads));
  const base = (count: number): number => f32(2 ** -(2 ** -(Math.log2(count) - 3)));
  return [...powers(base(floor), floor), ...powers(base(2 * floor), heads - floor, 2)];
}

/** MPT's slopes: every second of the next power of two's series first, then the others. */
export function mptSlopes(heads: number): number[] {
  const ceil = 2 ** Math.ceil(Math.log2(heads));
  const series = Array.from({ length: ceil }, (_, i) => f32(1 / f32(2 ** f32((i + 1) * f32(8 / ceil)))));
  if (ceil === heads) return series;
  return [...series.filter((_, i) => i % 2 === 1), ...series.filter((_, i) => i % 2 === 0)].slice(0, heads);
}

/**
 * Slope times place, for every head and key.
 * @param places of the keys, int64 [batch or 1, keys]
 * @param rounded in bfloat16 steps, as Falcon's class computes it whatever the model's type
 * @returns scores [batch or 1, heads, 1, keys] in the graph's type
 */
export function alibi(places: Tensor, slopes: number[], rounded = false): Tensor {
  const g = places.graph;
  const round = (x: Tensor): Tensor => cast(rounded ? cast(x, 'bfloat16') : x, 'float32');
  const slope = round(g.constant(slopes, 'float32', [slopes.length, 1, 1]));
  return cast(round(mul(unsqueeze(round(cast(places, 'float32')), 1, 2), slope)), g.options.dtype);
}
