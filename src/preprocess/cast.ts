// Element type conversions by the addon's vector code.

import { loadAddon } from '../../binding/index.js';
import { oneOf, positive, refuse, whole } from './check.js';

const HALVES = ['float16', 'bfloat16'] as const;
export type Half = (typeof HALVES)[number];

function sized<T extends { length: number }>(out: T, length: number): T {
  return out.length === length ? out : refuse('out', `${length} elements`, out.length);
}

/**
 * float32 -> the bits of float16 or bfloat16, rounded to nearest with ties to even; overflow becomes infinity, a NaN stays
 * one, subnormals are kept.
 * @param out receives the result instead of a new array; equally many elements
 */
export function toHalf(values: Float32Array, type: Half, out = new Uint16Array(values.length)): Uint16Array {
  const brain = oneOf('type', type, HALVES) === 'bfloat16';
  loadAddon().castFromFloat32(values, brain, sized(out, values.length));
  return out;
}

/** The exact float32 of float16 or bfloat16 bits. */
export function fromHalf(bits: Uint16Array, type: Half, out = new Float32Array(bits.length)): Float32Array {
  const brain = oneOf('type', type, HALVES) === 'bfloat16';
  loadAddon().castToFloat32(bits, brain, sized(out, bits.length));
  return out;
}

/**
 * round_half_even(value / scale) + zeroPoint, saturated to the type of `out` (ONNX QuantizeLinear); NaN gives zeroPoint.
 * @throws UsageError for a scale that is not a number above zero and a zero point out of range
 */
export function quantize<T extends Int8Array | Uint8Array>(
  values: Float32Array,
  scale: number,
  zeroPoint: number,
  out: T,
): T {
  const signed = out instanceof Int8Array;
  whole('zeroPoint', zeroPoint, signed ? -128 : 0, signed ? 127 : 255);
  loadAddon().quantizeFloat32(values, positive('scale', scale), zeroPoint, signed, sized(out, values.length));
  return out;
}
