// Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pairs of features turned by an angle that grows with the place.

import {
  add,
  cast,
  concat,
  cos,
  type Graph,
  mul,
  reshape,
  sin,
  slice,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

export interface RopeScaling {
  rope_type?: string;
  type?: string;
  factor?: number;
  low_freq_factor?: number;
  high_freq_factor?: number;
  original_max_position_embeddings?: number;
}

export interface RopeOptions {
  /** Features that are turned; the rest of a head passes through. */
  width: number;
  base: number;
  scaling?: RopeScaling | null;
}

/** Turns x [batch, heads, seq, head width] by the angles of its positions. */
export type Rotation = (x: Tensor) => Tensor;

const f32 = Math.fround;

/** Angle per position of each pair, in float32 steps as torch computes it. */
export function frequencies({ width, base, scaling }: RopeOptions): number[] {
  const plain = Array.from({ length: width / 2 }, (_, i) => f32(1 / f32(base ** f32((2 * i) / width))));
  const kind = scaling?.rope_type ?? scaling?.type ?? 'default';
  const factor = scaling?.factor ?? 1;
  switch (kind) {
    case 'default':
      return plain;
    case 'linear':
      return plain.map((frequency) => f32(frequency / factor));
    case 'llama3':
      return plain.map((frequency) => llama3(frequency, factor, scaling!));
    default:
      throw new UsageError(`rope_scaling: the type '${kind}' is not supported`);
  }
}

/** Slow turns are stretched by `factor`, fast ones kept, those between blended (Llama 3.1). */
function llama3(frequency: number, factor: number, scaling: RopeScaling): number {
  const length = scaling.original_max_position_embeddings ?? 8192;
  const [low, high] = [scaling.low_freq_factor ?? 1, scaling.high_freq_factor ?? 4];
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < length / high) return frequency;
  if (wavelength > length / low) return f32(frequency / factor);
  const smooth = (length / wavelength - low) / (high - low);
  return f32(((1 - smooth) * frequency) / factor + smooth * frequency);
}

/** cos and sin of the angles: positions int64 [batch or 1, seq] -> [batch or 1, 1, seq, width / 2], in the graph's type. */
export function angles(g: Graph, positions: Tensor, options: RopeOptions): { cos: Tensor; sin: Tensor } {
  const angle = mul(unsqueeze(cast(positions, 'float32'), 1, 3), g.constant(frequencies(options), 'float32'));
  return { cos: cast(cos(angle), g.options.dtype), sin: cast(sin(angle), g.options.dtype) };
}

/** Pairs are (i, i + width / 2): Llama, NeoX and most others. */
export function halfSplit(g: Graph, positions: Tensor, options: RopeOptions): Rotation {
  const angle = angles(g, positions, options);
  return (x) => {
    const half = options.width / 2;
    const [a, b] = [slice(x, -1, 0, half), slice(x, -1, half, options.width)];
    const parts = [sub(mul(a, angle.cos), mul(b, angle.sin)), add(mul(b, angle.cos), mul(a, angle.sin))];
    if (options.width < (x.dim(-1) as number)) parts.push(slice(x, -1, options.width));
    return concat(parts, -1);
  };
}

/** Pairs are (2i, 2i + 1): GPT-J, Cohere, GLM. */
export function interleaved(g: Graph, positions: Tensor, options: RopeOptions): Rotation {
  const angle = angles(g, positions, options);
  return (x) => {
    const turned = options.width < (x.dim(-1) as number) ? slice(x, -1, 0, options.width) : x;
    const pairs = reshape(turned, [...turned.shape.slice(0, -1), options.width / 2, 2]);
    const one = (index: number): Tensor =>
      reshape(slice(pairs, -1, index, index + 1), [...turned.shape.slice(0, -1), options.width / 2]);
    const [a, b] = [one(0), one(1)];
    const made = [sub(mul(a, angle.cos), mul(b, angle.sin)), add(mul(b, angle.cos), mul(a, angle.sin))].map((part) =>
      unsqueeze(part, part.rank),
    );
    const rotated = reshape(concat(made, -1), turned.shape);
    return turned === x ? rotated : concat([rotated, slice(x, -1, options.width)], -1);
  };
}
