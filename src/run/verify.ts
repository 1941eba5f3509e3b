// Are a provider's outputs right? They are held against the CPU provider's on the same weights and inputs.

import type { DType, HostTensor } from '../util/tensor.js';
import { numbersOf } from '../util/tensor-values.js';
import type { Case, CaseDType } from './case.js';
import type { Verification } from './evidence.js';

/**
 * Largest relative L2 error of an output, by the dtype of the case. fp32: sums in another order, and kernels' own approximations
 * of exp and erf, through a hundred layers. fp16 and bf16 are compared with fp32, so their own rounding counts. int8 and int4 are
 * compared with the same quantised weights.
 */
export const TOLERANCES: Record<CaseDType, number> = { fp32: 1e-3, fp16: 2e-2, bf16: 1e-1, int8: 5e-2, int4: 5e-2 };

/** A file may hold float16 inside, whatever its outputs are. */
export const FILE_TOLERANCE = 2e-2;

export function toleranceOf({ dtype }: Case): number {
  return dtype === null ? FILE_TOLERANCE : TOLERANCES[dtype];
}

/** The case that computes what this one should; null where the case is itself that one. */
export function referenceCase(work: Case): Case | null {
  const dtype = work.dtype === 'fp16' || work.dtype === 'bf16' ? 'fp32' : work.dtype;
  if (work.provider === 'cpu' && work.dtype === dtype) return null;
  return { ...work, dtype, provider: 'cpu', providerOptions: {}, runtime: 'native', scenario: 'latency', threads: 0 };
}

const FLOATS = new Set<DType>(['float32', 'float16', 'bfloat16', 'float64']);

/** ||ours - theirs|| / ||theirs||; what is not finite must be the same, else the error is infinite. */
function relativeL2(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < theirs.length; i++) {
    const [a, b] = [ours[i]!, theirs[i]!];
    if (!Number.isFinite(a) || !Number.isFinite(b)) {
      if (!Object.is(a, b)) return Number.POSITIVE_INFINITY;
      continue;
    }
    difference += (a - b) ** 2;
    norm += b ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / (norm || Number.MIN_VALUE));
}

/** Share of elements that differ: whole numbers are ids and counts, to which no distance belongs. */
function differing(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < theirs.length; i++) if (ours[i] !== theirs[i]) count++;
  return theirs.length === 0 ? 0 : count / theirs.length;
}

/** Infinite where the output is missing or of another shape. */
export function outputError(ours: HostTensor | undefined, theirs: HostTensor): number {
  if (ours === undefined || `${ours.shape}` !== `${theirs.shape}`) return Number.POSITIVE_INFINITY;
  const [a, b] = [numbersOf(ours), numbersOf(theirs)];
  if (a === null || b === null) return 0;
  return FLOATS.has(theirs.dtype) ? relativeL2(a, b) : differing(a, b);
}

/** The first output beyond the tolerance, else the one with the largest error. */
export function compareOutputs(
  ours: Record<string, HostTensor>,
  theirs: Record<string, HostTensor>,
  tolerance: number,
): Verification {
  const errors = Object.entries(theirs).map(([output, tensor]) => ({
    output,
    error: outputError(ours[output], tensor),
  }));
  if (errors.length === 0) return { state: 'unavailable', reason: 'the model has no output that can be compared' };
  const wrong = errors.find(({ error }) => !(error <= tolerance));
  const worst = wrong ?? errors.reduce((a, b) => (b.error > a.error ? b : a));
  return { state: wrong === undefined ? 'agrees' : 'differs', ...worst, tolerance };
}
