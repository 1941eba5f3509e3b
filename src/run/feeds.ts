// Inputs for a model of which only the signature is known: shapes from flags and habits of naming, values from a fixed rule.

import { UnsupportedError } from '../util/error.js';
import { toFloat16 } from '../util/half.js';
import { BYTES, type DType, elementCount, type HostTensor, type ValueInfo } from '../util/tensor.js';

export type Feeds = Record<string, HostTensor>;

export interface DimensionChoice {
  batch: number;
  seq: number | null;
  /** By the dimension's name, or 'input[axis]'; these win. */
  dims: Record<string, number>;
}

const DEFAULT_SEQ = 128;
const MOST_BYTES = 1 << 30;

/** Habits of exporters; the first that fits a symbolic dimension's name decides. */
const NAMED: readonly [RegExp, (choice: DimensionChoice) => number][] = [
  [/past|cache/i, () => 0],
  [/batch|^n$|^b$|^bs$/i, ({ batch }) => batch],
  [/seq|len|token|time|frame|^t$|^s$/i, ({ seq }) => seq ?? DEFAULT_SEQ],
  [/channel|^c$/i, () => 3],
  [/height|width|^h$|^w$/i, () => 224],
];

/** Unnamed dimensions, by their place: [batch, seq] of ids and [batch, channels, height, width] of images. */
function unnamed(axis: number, rank: number, choice: DimensionChoice): number {
  if (axis === 0) return choice.batch;
  if (rank === 4) return axis === 1 ? 3 : 224;
  return axis === 1 ? (choice.seq ?? DEFAULT_SEQ) : 1;
}

/**
 * Sizes for the symbolic dimensions of one input.
 * @throws UnsupportedError for a tensor larger than 1 GiB
 */
export function resolveShape(input: ValueInfo, choice: DimensionChoice): number[] {
  const shape = input.shape.map((size, axis) => {
    const given = choice.dims[`${input.name}[${axis}]`] ?? (typeof size === 'string' ? choice.dims[size] : undefined);
    if (given !== undefined) return given;
    if (typeof size === 'number') return size;
    if (size === '?') return unnamed(axis, input.shape.length, choice);
    return NAMED.find(([pattern]) => pattern.test(size))?.[1](choice) ?? 1;
  });
  const bytes = elementCount(shape) * BYTES[input.dtype];
  if (!(bytes <= MOST_BYTES)) {
    const text = `input '${input.name}' [${shape.join(', ')}] needs ${bytes} bytes, more than ${MOST_BYTES}`;
    throw new UnsupportedError('input-size', `${text}; set smaller sizes with --batch, --seq or --dim`);
  }
  return shape;
}

/** Names the free dimensions and the sizes that they were given; null when there are none. */
export function dimensionAdvice(inputs: readonly ValueInfo[], choice: DimensionChoice): string | null {
  const given = new Map<string, number>();
  for (const input of inputs) {
    const sizes = resolveShape(input, choice);
    for (const [axis, size] of input.shape.entries()) {
      if (typeof size === 'string') given.set(size === '?' ? `${input.name}[${axis}]` : size, sizes[axis]!);
    }
  }
  if (given.size === 0) return null;
  const list = [...given].map(([name, size]) => `${name}=${size}`).join(', ');
  return `its free dimensions were given as ${list}; set others with --batch, --seq or --dim`;
}

/** The finaliser of MurmurHash3 (Appleby, public domain): 32 well-mixed bits from a counter. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function seedOf(name: string): number {
  let seed = 0x811c9dc5;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return seed;
}

/** How whole numbers are chosen: a model may read them as token ids, axes, sizes or counts, and the signature does not say. */
export type IntegerStyle = 'ids' | 'ones' | 'zeros';

function wholeNumber(name: string, style: IntegerStyle, index: number, last: number, seed: number): number {
  if (style === 'ones') return 1;
  if (style === 'zeros') return 0;
  if (/mask/i.test(name)) return 1;
  if (/type|segment/i.test(name)) return 0;
  if (/position/i.test(name)) return index % Math.max(1, last);
  return mix(seed + index) % 64;
}

/** @throws UnsupportedError for element types that have no values of a fixed size */
export function makeTensor(input: ValueInfo, shape: number[], style: IntegerStyle): HostTensor {
  const { name, dtype } = input;
  if (dtype === 'string')
    throw new UnsupportedError('input-type', `input '${name}' takes strings, which hfbench cannot make`);
  const count = elementCount(shape);
  const seed = seedOf(name);
  const last = shape.at(-1) ?? 1;
  const real = (i: number) => (mix(seed + i) >>> 8) * 2 ** -23 - 1;
  const whole = (i: number) => wholeNumber(name, style, i, last, seed);
  const array = fill(dtype, count, real, whole, (i) =>
    style === 'ids' ? mix(seed + i) & 1 : style === 'ones' ? 1 : 0,
  );
  return { dtype, shape, data: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) };
}

type Rule = (index: number) => number;

function fill(dtype: Exclude<DType, 'string'>, count: number, real: Rule, whole: Rule, bit: Rule): ArrayBufferView {
  const at = <T extends { [index: number]: number }>(array: T, rule: Rule): T => {
    for (let i = 0; i < count; i++) array[i] = rule(i);
    return array;
  };
  const at64 = <T extends BigInt64Array | BigUint64Array>(array: T): T => {
    for (let i = 0; i < count; i++) array[i] = BigInt(whole(i));
    return array;
  };
  switch (dtype) {
    case 'float32':
      return at(new Float32Array(count), real);
    case 'float64':
      return at(new Float64Array(count), real);
    case 'float16':
      return at(new Uint16Array(count), (i) => toFloat16(real(i)));
    case 'bfloat16': {
      const bits = new Uint32Array(1);
      const value = new Float32Array(bits.buffer);
      return at(new Uint16Array(count), (i) => {
        value[0] = real(i);
        return bits[0]! >>> 16;
      });
    }
    case 'int64':
      return at64(new BigInt64Array(count));
    case 'uint64':
      return at64(new BigUint64Array(count));
    case 'int32':
      return at(new Int32Array(count), whole);
    case 'uint32':
      return at(new Uint32Array(count), whole);
    case 'int16':
      return at(new Int16Array(count), whole);
    case 'uint16':
      return at(new Uint16Array(count), whole);
    case 'int8':
      return at(new Int8Array(count), whole);
    case 'uint8':
      return at(new Uint8Array(count), whole);
    case 'bool':
      return at(new Uint8Array(count), bit);
  }
}

/**
 * Sets of inputs in the order in which they should be tried: whole numbers that suit token ids first, then those that suit
 * sizes and axes. Models without whole numbers have one set.
 * @throws UnsupportedError when an input cannot be made
 */
export function* candidateFeeds(inputs: readonly ValueInfo[], shapes: readonly number[][]): Generator<Feeds> {
  const real = new Set<DType>(['float32', 'float16', 'bfloat16', 'float64']);
  const styles: IntegerStyle[] = inputs.every(({ dtype }) => real.has(dtype)) ? ['ids'] : ['ids', 'ones', 'zeros'];
  for (const style of styles) {
    yield Object.fromEntries(inputs.map((input, i) => [input.name, makeTensor(input, shapes[i]!, style)]));
  }
}
