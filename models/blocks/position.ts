// Absolute positions added to word embeddings: learned tables and sinusoids.

import {
  add,
  cast,
  concat,
  cos,
  cumSum,
  dimAdd,
  equal,
  gather,
  mul,
  not,
  pad,
  type Scope,
  sin,
  slice,
  sub,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import type { Steps } from './cache.js';

const f32 = Math.fround;

/** Embeddings of the positions that a run computes: [1 or batch, seq, width]. */
export type Positions = (scope: Scope, ids: Tensor, at: Pick<Steps, 'past' | 'seq' | 'positions'>) => Tensor;

/** A table `<scope>.weight` [count + offset, width]; the first place has row `offset`. */
export function learnedPositions(count: number, width: number, offset = 0): Positions {
  return (scope, _ids, at) => {
    const table = scope.parameter('weight', [count + offset, width]);
    return unsqueeze(slice(table, 0, dimAdd(at.past, offset), dimAdd(at.past, at.seq, offset)), 0);
  };
}

/** Sines in the first half of the features, cosines in the second, as a table that a checkpoint may hold or leave out. */
export function tabledSinusoids(count: number, width: number): Positions {
  const absent = (): Float32Array =>
    Float32Array.from({ length: count * width }, (_, index) => {
      const [place, feature] = [Math.floor(index / width), index % width];
      const half = Math.ceil(width / 2);
      const angle = place / 10000 ** ((2 * (feature % half)) / width);
      return feature < half ? Math.sin(angle) : Math.cos(angle);
    });
  return (scope, _ids, at) => {
    const table = scope.parameter('weight', [count, width], { absent });
    return unsqueeze(slice(table, 0, at.past, dimAdd(at.past, at.seq)), 0);
  };
}

const waves = (positions: Tensor, frequencies: number[]): Tensor =>
  mul(unsqueeze(cast(positions, 'float32'), positions.rank), positions.graph.constant(frequencies, 'float32'));

/**
 * The sinusoids of Vaswani et al. at run time, sines first: frequencies 10000^(-2i / width). int64 [...] -> [..., width].
 */
export function classicSinusoids(positions: Tensor, width: number): Tensor {
  const angle = (count: number): Tensor =>
    waves(
      positions,
      Array.from({ length: count }, (_, i) => f32(1 / f32(10000 ** f32((2 * i) / width)))),
    );
  const parts = [sin(angle(Math.ceil(width / 2))), cos(angle(Math.floor(width / 2)))];
  return cast(concat(parts, -1), positions.graph.options.dtype);
}

/**
 * Sinusoids computed at run time, so that no length is too long: fairseq's, whose frequencies fall from 1 to 1 / 10000 inclusive.
 * @param positions int64 [...]
 * @returns [..., width] in the graph's type
 */
export function sinusoids(positions: Tensor, width: number): Tensor {
  const half = Math.floor(width / 2);
  const step = f32(-Math.log(10000) / (half - 1));
  const frequencies = Array.from({ length: half }, (_, i) => f32(Math.exp(f32(i * step))));
  const angle = waves(positions, frequencies);
  const even = concat([sin(angle), cos(angle)], -1);
  const zeros = even.shape.map(() => 0);
  const whole = width % 2 === 0 ? even : pad(even, zeros, [...zeros.slice(1), 1]);
  return cast(whole, positions.graph.options.dtype);
}

/**
 * Places among the tokens that a mask [batch, past + seq] keeps, counted from 0: int64 of the same shape.
 * @param hidden what the others get
 */
export function keptPlaces(mask: Tensor, hidden: number): Tensor {
  return where(cast(mask, 'bool'), sub(cumSum(mask, 1), 1), hidden);
}

/** Places counted from padding + 1 over the ids that are no padding; padding has the place `padding`: int64 [batch, seq]. */
export function countedPositions(ids: Tensor, at: Pick<Steps, 'past'>, padding: number): Tensor {
  const kept = cast(not(equal(ids, padding)), 'int64');
  const counted = cumSum(kept, 1);
  const place = at.past === 0 ? counted : add(counted, ids.graph.size(at.past));
  return add(mul(place, kept), padding);
}

/** Fairseq's sinusoids as a table that a checkpoint may hold or leave out, read at counted places. */
export function countedTable(count: number, width: number, padding: number): Positions {
  const half = Math.floor(width / 2);
  const absent = (): Float32Array =>
    Float32Array.from({ length: count * width }, (_, index) => {
      const [place, feature] = [Math.floor(index / width), index % width];
      if (place === padding || feature >= 2 * half) return 0;
      const angle = place * Math.exp((-(feature % half) * Math.log(10000)) / (half - 1));
      return feature < half ? Math.sin(angle) : Math.cos(angle);
    });
  return (scope, ids, at) => {
    scope.graph.limit(dimAdd(at.past, at.seq), count - padding - 1);
    return gather(scope.parameter('weight', [count, width], { absent }), countedPositions(ids, at, padding));
  };
}

/** Fairseq's sinusoids at counted places; padding gets zeros. Padding among cached tokens is counted as tokens. */
export function countedSinusoids(width: number, padding: number): Positions {
  return (_scope, ids, at) => {
    const kept = cast(not(equal(ids, padding)), ids.graph.options.dtype);
    return mul(sinusoids(countedPositions(ids, at, padding), width), unsqueeze(kept, 2));
  };
}
