// ALiBi (Press et al. 2021, arXiv:2108.12409): scores fall with the distance of the key, at a slope of each head's own.

import { cast, cumSum, mul, sub, type Tensor, unsqueeze } from '../../src/graph/index.js';

/** Slopes of the heads: 2^(-8i / n) for the largest power of two n, then every other slope of 2n for the heads beyond. */
export function alibiSlopes(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const slope = (count: number, step: number): number => Math.fround(2 ** (-8 / count)) ** step;
  const first = Array.from({ length: power }, (_, i) => slope(power, i + 1));
  return [...first, ...Array.from({ length: heads - power }, (_, i) => slope(2 * power, 2 * i + 1))];
}

/**
 * The bias of each key: slope times its place among the unmasked ones. Only differences matter to softmax.
 * @param mask attention_mask [batch, keys]
 * @param rounded in bfloat16 steps, as Falcon's class computes it whatever the model's type
 * @returns [batch, heads, 1, keys] in the graph's type
 */
export function alibi(mask: Tensor, heads: number, rounded: boolean): Tensor {
  const g = mask.graph;
  const round = (x: Tensor): Tensor => cast(rounded ? cast(x, 'bfloat16') : x, 'float32');
  const places = round(cast(mul(sub(cumSum(mask, 1), 1), mask), 'float32'));
  const slopes = round(g.constant(alibiSlopes(heads), 'float32', [heads, 1, 1]));
  return cast(round(mul(unsqueeze(places, 1, 2), slopes)), g.options.dtype);
}
