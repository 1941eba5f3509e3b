// Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of features turned by an angle that grows with the place.

import {
  add,
  cast,
  concat,
  cos,
  type Dim,
  dimMul,
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

interface Angles {
  cos: Tensor;
  sin: Tensor;
}

/** cos and sin of the angles: positions int64 [batch or 1, seq] -> [batch or 1, 1, seq, width / 2], in the graph's type. */
export function angles(g: Graph, positions: Tensor, options: RopeOptions): Angles {
  if (!Number.isInteger(options.width) || options.width < 2 || options.width % 2 !== 0)
    throw new UsageError(`rotary positions need an even number of features, got ${options.width}`);
  const { frequencies: turning, amplitude: size } = turns(g, positions, options);
  const angle = mul(unsqueeze(cast(positions, 'float32'), 1, 3), turning);
  const sized = (x: Tensor): Tensor => cast(size === 1 ? x : mul(x, size), g.options.dtype);
  return { cos: sized(cos(angle)), sin: sized(sin(angle)) };
}

/** cos and sin [1, 1, seq, count] for frequencies [count] that a checkpoint keeps, at places from 0 on. */
export function anglesOf(frequencies: Tensor, seq: Dim): Angles {
  const g = frequencies.graph;
  const angle = mul(unsqueeze(cast(range(g, seq), 'float32'), 0, 1, 3), cast(frequencies, 'float32'));
  return { cos: cast(cos(angle), g.options.dtype), sin: cast(sin(angle), g.options.dtype) };
}

/** Pairs are (i, i + width / 2): Llama, NeoX and most others. */
export const halfSplit = (g: Graph, positions: Tensor, options: RopeOptions): Rotation =>
  turnHalves(angles(g, positions, options), options.width);

/** Turns pairs (i, i + width / 2) of the first `width` features by angles [batch or 1, 1, seq, width / 2]. */
export function turnHalves(angle: Angles, width: number): Rotation {
  return (x) => {
    const fused = rotaryEmbedding(x, angle, width, false);
    if (fused) return fused;
    const half = width / 2;
    const [a, b] = [slice(x, -1, 0, half), slice(x, -1, half, width)];
    const parts = [sub(mul(a, angle.cos), mul(b, angle.sin)), add(mul(b, angle.cos), mul(a, angle.sin))];
    if (width < (x.dim(-1) as number)) parts.push(slice(x, -1, width));
    return concat(parts, -1);
  };
}

/**
 * ONNX Runtime's RotaryEmbedding, in the fused style. Its tables hold a row for each position of each sequence, since the angles
 * are computed from positions that are given. Null where x and the angles are not of that form.
 */
function rotaryEmbedding(x: Tensor, { cos, sin }: Angles, width: number, pairs: boolean): Tensor | null {
  const g = x.graph;
  const [batch, heads, seq, half] = [...Array(Math.max(0, 4 - cos.rank)).fill(1), ...cos.shape] as Dim[];
  if (g.options.style !== 'fused' || x.rank !== 4 || x.dtype !== cos.dtype) return null;
  if ((batch !== 1 && batch !== x.dim(0)) || heads !== 1 || seq !== x.dim(2) || half !== width / 2) return null;
  const rows = dimMul(batch, seq);
  const table = (values: Tensor): Tensor => reshape(values, [rows, half]);
  // a single number is the place of the first row of every sequence
  const places = batch === 1 ? g.constant([0], 'int64') : reshape(range(g, rows), [batch, seq]);
  const partial: Record<string, number> =
    width < (x.dim(3) as number) ? { num_heads: x.dim(1) as number, rotary_embedding_dim: width } : {};
  return g.node(
    'RotaryEmbedding',
    [x, places, table(cos), table(sin)],
    { interleaved: pairs ? 1 : 0, ...partial },
    [{ dtype: x.dtype, shape: x.shape }],
    'com.microsoft',
  )[0];
}

/** Pairs are (2i, 2i + 1): GPT-J, Cohere, GLM. */
export const interleaved = (g: Graph, positions: Tensor, options: RopeOptions): Rotation =>
  turnPairs(angles(g, positions, options), options.width);

/** Turns pairs (2i, 2i + 1) of the first `width` features by angles [batch or 1, 1, seq, width / 2]. */
export function turnPairs(angle: Angles, width: number): Rotation {
  return (x) => {
    const fused = rotaryEmbedding(x, angle, width, true);
    if (fused) return fused;
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
