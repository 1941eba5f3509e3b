// How fast rotary positions turn: the plain rule and its stretchings for sequences longer than those of the training.

import {
  add,
  cast,
  div,
  type Graph,
  greater,
  maximum,
  mul,
  type Operand,
  pow,
  reciprocal,
  reduceMax,
  sub,
  type Tensor,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

/** The key rope_scaling of a configuration: how angles are stretched for sequences longer than those of the training. */
export interface RopeScaling {
  rope_type?: string;
  type?: string;
  factor?: number;
  original_max_position_embeddings?: number;
  low_freq_factor?: number;
  high_freq_factor?: number;
  attention_factor?: number | null;
  mscale?: number;
  mscale_all_dim?: number;
  beta_fast?: number;
  beta_slow?: number;
  truncate?: boolean;
  short_factor?: number[];
  long_factor?: number[];
  /** Factors of cos and sin up to the original length and beyond it (Phi-3.5 MoE). */
  short_mscale?: number;
  long_mscale?: number;
}

export interface RopeOptions {
  /** Features that are turned; the rest of a head passes through. */
  width: number;
  base: number;
  scaling?: RopeScaling | null;
  /** The configuration's max_position_embeddings: where dynamic scaling sets in. */
  maxPositions?: number;
  /** Length of the training where longrope is in use (default maxPositions). */
  originalPositions?: number | null;
}

/** Options from the keys that transformers' configurations share. */
export const ropeOptions = (
  c: {
    rope_theta: number;
    rope_scaling: RopeScaling | null;
    max_position_embeddings: number;
    original_max_position_embeddings?: number | null;
  },
  width: number,
): RopeOptions => ({
  width,
  base: c.rope_theta,
  scaling: c.rope_scaling,
  maxPositions: c.max_position_embeddings,
  originalPositions: c.original_max_position_embeddings,
});

const f32 = Math.fround;

const kindOf = (scaling: RopeScaling | null | undefined): string => scaling?.rope_type ?? scaling?.type ?? 'default';

/** A number of rope_scaling that the chosen type cannot do without. */
function needed(scaling: RopeScaling, key: keyof RopeScaling): number {
  const value = scaling[key];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new UsageError(
      `rope_scaling.${key}: the type '${kindOf(scaling)}' needs a number, got ${JSON.stringify(value)}`,
    );
  return value;
}

/** base^(2i / width) of each pair, in float32 steps as torch computes it. */
const powers = ({ width, base }: RopeOptions): number[] =>
  Array.from({ length: width / 2 }, (_, i) => f32(base ** f32((2 * i) / width)));

/** Angle per position of each pair, for the types whose angles do not depend on the length of the sequence. */
export function frequencies(options: RopeOptions): number[] {
  const { scaling } = options;
  const plain = powers(options).map((power) => f32(1 / power));
  switch (kindOf(scaling)) {
    case 'default':
      return plain;
    case 'linear': {
      const factor = needed(scaling!, 'factor');
      return plain.map((frequency) => f32(frequency / factor));
    }
    case 'llama3':
      return plain.map((frequency) => llama3(frequency, scaling!));
    case 'yarn':
      return yarn(options, scaling!);
    default:
      throw new UsageError(
        `rope_scaling: the type '${kindOf(scaling)}' is not supported; known: default, linear, dynamic, yarn, longrope, llama3`,
      );
  }
}

/** Slow turns are stretched by `factor`, fast ones kept, those between blended (Llama 3.1). */
function llama3(frequency: number, scaling: RopeScaling): number {
  const length = needed(scaling, 'original_max_position_embeddings');
  const [low, high] = [needed(scaling, 'low_freq_factor'), needed(scaling, 'high_freq_factor')];
  const factor = needed(scaling, 'factor');
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < length / high) return frequency;
  if (wavelength > length / low) return f32(frequency / factor);
  const smooth = (length / wavelength - low) / (high - low);
  return f32(((1 - smooth) * frequency) / factor + smooth * frequency);
}

/** YaRN (Peng et al. 2023, arXiv:2309.00071): a ramp over the pairs between kept and stretched turns. */
function yarn(options: RopeOptions, scaling: RopeScaling): number[] {
  const { width, base } = options;
  const length = scaling.original_max_position_embeddings || options.maxPositions;
  if (!length) throw new UsageError("rope_scaling: the type 'yarn' needs original_max_position_embeddings");
  const factor = needed(scaling, 'factor');
  const place = (turns: number): number => (width * Math.log(length / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const bounds = [place(scaling.beta_fast || 32), place(scaling.beta_slow || 1)];
  const [first, last] = (scaling.truncate ?? true) ? [Math.floor(bounds[0]), Math.ceil(bounds[1])] : bounds;
  const low = Math.max(first, 0);
  let high = Math.min(last, width - 1);
  if (low === high) high += 0.001;
  return powers(options).map((power, i) => {
    const kept = f32(1 - Math.min(1, Math.max(0, f32(f32(i - low) / f32(high - low)))));
    return f32(f32(f32(1 / f32(factor * power)) * f32(1 - kept)) + f32(f32(1 / power) * kept));
  });
}

/** YaRN's growth of the scores with the stretching factor. */
export const yarnScale = (factor: number, weight = 1): number =>
  factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;

/** Factor of cos and sin where it does not depend on the length of the sequence. */
function amplitude(options: RopeOptions): number {
  const { scaling } = options;
  if (kindOf(scaling) === 'yarn') {
    const { attention_factor, mscale, mscale_all_dim } = scaling!;
    const factor = needed(scaling!, 'factor');
    return (
      attention_factor ??
      (mscale && mscale_all_dim ? yarnScale(factor, mscale) / yarnScale(factor, mscale_all_dim) : yarnScale(factor))
    );
  }
  if (kindOf(scaling) === 'longrope') {
    const length = trainedLength(options);
    const factor = options.originalPositions ? options.maxPositions! / length : scaling!.factor;
    if (scaling!.attention_factor == null && factor == null)
      throw new UsageError("rope_scaling: the type 'longrope' needs factor, attention_factor or an original length");
    return scaling!.attention_factor ?? (factor! <= 1 ? 1 : Math.sqrt(1 + Math.log(factor!) / Math.log(length)));
  }
  return 1;
}

function trainedLength({ originalPositions, maxPositions }: RopeOptions): number {
  const length = originalPositions || maxPositions;
  if (!length) throw new UsageError('rope_scaling: the length of the training (max_position_embeddings) is not known');
  return length;
}

export interface Turns {
  frequencies: Tensor;
  amplitude: Operand;
}

/**
 * Angle per position of each pair, and the factor of cos and sin, for these positions (int64 [batch or 1, seq]). Trap: where they
 * depend on the length of the sequence, cached keys keep the angles of the run that made them, as in transformers.
 */
export function turns(g: Graph, positions: Tensor, options: RopeOptions): Turns {
  const { scaling } = options;
  const kind = kindOf(scaling);
  if (kind !== 'longrope' && kind !== 'dynamic')
    return { frequencies: g.constant(frequencies(options), 'float32'), amplitude: amplitude(options) };
  const trained = trainedLength(options);
  const length = add(reduceMax(positions, [0, 1]), 1); // int64 []: by the latest position, as transformers measures it
  if (kind === 'longrope') {
    const long = greater(length, trained);
    const choose = (yes: ArrayLike<number> | number, no: ArrayLike<number> | number): Tensor =>
      where(long, g.constant(yes, 'float32'), g.constant(no, 'float32'));
    const stretched = (key: 'long_factor' | 'short_factor'): number[] => {
      const factors = scaling![key];
      if (!Array.isArray(factors) || factors.length !== options.width / 2)
        throw new UsageError(`rope_scaling.${key}: expected ${options.width / 2} numbers`);
      return powers(options).map((power, i) => f32(1 / f32(f32(factors[i]) * power)));
    };
    const { long_mscale, short_mscale } = scaling!;
    return {
      frequencies: choose(stretched('long_factor'), stretched('short_factor')),
      amplitude:
        long_mscale !== undefined && short_mscale !== undefined
          ? choose(long_mscale, short_mscale)
          : amplitude(options),
    };
  }
  // Dynamic NTK: the base grows with the sequence once it is longer than the training's.
  const factor = needed(scaling!, 'factor');
  const seen = cast(maximum(length, trained), 'float32');
  const growth = sub(div(mul(seen, factor), trained), factor - 1);
  const { width } = options;
  const base = mul(pow(growth, width / (width - 2)), options.base);
  const exponents = Array.from({ length: width / 2 }, (_, i) => (2 * i) / width);
  return { frequencies: reciprocal(pow(base, g.constant(exponents, 'float32'))), amplitude: 1 };
}
