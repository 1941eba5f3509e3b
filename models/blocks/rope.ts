// Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of features turned by an angle that grows with the place.

import {
  add,
  cast,
  concat,
  cos,
  type Dim,
  type Graph,
  mul,
  range,
  reshape,
  sin,
  slice,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { type RopeOptions, turns } from './rope-scaling.js';

export { type RopeOptions, type RopeScaling, ropeOptions, yarnScale } from './rope-scaling.js';

/** Turns x [batch, heads, seq, head width] by the angles of its positions. */
export type Rotation = (x: Tensor) => Tensor;

/** cos and sin of the angles: positions int64 [batch or 1, seq] -> [batch or 1, 1, seq, width / 2], in the graph's type. */
export function angles(g: Graph, positions: Tensor, options: RopeOptions): { cos: Tensor; sin: Tensor } {
  if (!Number.isInteger(options.width) || options.width < 2 || options.width % 2 !== 0)
    throw new UsageError(`rotary positions need an even number of features, got ${options.width}`);
  const { frequencies: turning, amplitude: size } = turns(g, positions, options);
  const angle = mul(unsqueeze(cast(positions, 'float32'), 1, 3), turning);
  const sized = (x: Tensor): Tensor => cast(size === 1 ? x : mul(x, size), g.options.dtype);
  return { cos: sized(cos(angle)), sin: sized(sin(angle)) };
}

/** cos and sin [1, 1, seq, count] for frequencies [count] that a checkpoint keeps, at places from 0 on. */
export function anglesOf(frequencies: Tensor, seq: Dim): { cos: Tensor; sin: Tensor } {
  const g = frequencies.graph;
  const angle = mul(unsqueeze(cast(range(g, seq), 'float32'), 0, 1, 3), cast(frequencies, 'float32'));
  return { cos: cast(cos(angle), g.options.dtype), sin: cast(sin(angle), g.options.dtype) };
}

/** Pairs are (i, i + width / 2): Llama, NeoX and most others. */
export const halfSplit = (g: Graph, positions: Tensor, options: RopeOptions): Rotation =>
  turnHalves(angles(g, positions, options), options.width);

/** Turns pairs (i, i + width / 2) of the first `width` features by angles [batch or 1, 1, seq, width / 2]. */
export function turnHalves(angle: { cos: Tensor; sin: Tensor }, width: number): Rotation {
  return (x) => {
    const half = width / 2;
    const [a, b] = [slice(x, -1, 0, half), slice(x, -1, half, width)];
    const parts = [sub(mul(a, angle.cos), mul(b, angle.sin)), add(mul(b, angle.cos), mul(a, angle.sin))];
    if (width < (x.dim(-1) as number)) parts.push(slice(x, -1, width));
    return concat(parts, -1);
  };
}

/** Pairs are (2i, 2i + 1): GPT-J, Cohere, GLM. */
export const interleaved = (g: Graph, positions: Tensor, options: RopeOptions): Rotation =>
  turnPairs(angles(g, positions, options), options.width);

/** Turns pairs (2i, 2i + 1) of the first `width` features by angles [batch or 1, 1, seq, width / 2]. */
export function turnPairs(angle: { cos: Tensor; sin: Tensor }, width: number): Rotation {
  return (x) => {
    const turned = width < (x.dim(-1) as number) ? slice(x, -1, 0, width) : x;
    const pairs = reshape(turned, [...turned.shape.slice(0, -1), width / 2, 2]);
    const one = (index: number): Tensor =>
      reshape(slice(pairs, -1, index, index + 1), [...turned.shape.slice(0, -1), width / 2]);
    const [a, b] = [one(0), one(1)];
    const made = [sub(mul(a, angle.cos), mul(b, angle.sin)), add(mul(b, angle.cos), mul(a, angle.sin))].map((part) =>
      unsqueeze(part, part.rank),
    );
    const rotated = reshape(concat(made, -1), turned.shape);
    return turned === x ? rotated : concat([rotated, slice(x, -1, width)], -1);
  };
}
