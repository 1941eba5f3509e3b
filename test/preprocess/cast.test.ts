import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHalf, quantize, toHalf } from '../../src/preprocess/index.js';
import { UsageError } from '../../src/util/error.js';
import { atEveryLevel } from './levels.js';

const test = suite('cast');

const HALF = { float16: { exponent: 5, fraction: 10 }, bfloat16: { exponent: 8, fraction: 7 } } as const;
type HalfName = keyof typeof HALF;

/** The exact value of 16 bits, from the definition of the format. */
function numberOf(bits: number, name: HalfName): number {
  const { exponent, fraction } = HALF[name];
  const bias = 2 ** (exponent - 1) - 1;
  const e = (bits >> fraction) & (2 ** exponent - 1);
  const f = bits & (2 ** fraction - 1);
  const sign = bits & 0x8000 ? -1 : 1;
  if (e === 2 ** exponent - 1) return f ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return e ? sign * (1 + f / 2 ** fraction) * 2 ** (e - bias) : (sign * f * 2 ** (1 - bias)) / 2 ** fraction;
}

const allBits = Uint16Array.from({ length: 65_536 }, (_, i) => i);

test('every half-precision number is read exactly and survives the way back', () => {
  for (const name of ['float16', 'bfloat16'] as const) {
    atEveryLevel((level) => {
      const floats = fromHalf(allBits, name);
      const back = toHalf(floats, name);
      allBits.forEach((bits, i) => {
        const value = numberOf(bits, name);
        assert.ok(Object.is(floats[i], value), `${level} ${name} ${bits}: ${floats[i]}`);
        // A signalling NaN comes back quiet.
        assert.is(
          back[i],
          Number.isNaN(value) ? bits | (1 << (HALF[name].fraction - 1)) : bits,
          `${level} ${name} ${bits}`,
        );
      });
    });
  }
});

test('float32 is rounded to the nearest, ties to even: beside and at every midpoint', () => {
  for (const name of ['float16', 'bfloat16'] as const) {
    const finite = [...allBits].filter((bits) => bits < 0x8000 && Number.isFinite(numberOf(bits, name)));
    const inputs: number[] = [];
    const expected: number[] = [];
    for (const bits of finite) {
      const low = numberOf(bits, name);
      // Beyond the largest number, the midpoint to where the next would lie rounds to infinity.
      const next = numberOf(bits + 1, name);
      const high = Number.isFinite(next) ? next : 2 * low - numberOf(bits - 1, name);
      const middle = (low + high) / 2;
      if (Math.fround(middle) !== middle) continue;
      const float = new Float32Array([middle]);
      const word = new Uint32Array(float.buffer);
      for (const [step, result] of [
        [-1, bits],
        [0, bits % 2 ? bits + 1 : bits],
        [1, bits + 1],
      ] as const) {
        word[0] = word[0]! + step;
        inputs.push(float[0]!, -float[0]!);
        expected.push(result, result | 0x8000);
        word[0] = word[0]! - step;
      }
    }
    assert.ok(inputs.length > 100_000);
    atEveryLevel((level) => {
      const got = toHalf(Float32Array.from(inputs), name);
      got.forEach((bits, i) => {
        assert.is(bits, expected[i], `${level} ${name} ${inputs[i]}`);
      });
    });
  }
});

test('infinity, overflow, subnormals below the smallest, signed zero', () => {
  const inputs = Float32Array.of(Infinity, -Infinity, 1e30, -1e30, 1e-40, -1e-40, 0, -0, Number.NaN, 3.4e38);
  atEveryLevel(() => {
    assert.equal([...toHalf(inputs, 'float16')].slice(0, 8), [0x7c00, 0xfc00, 0x7c00, 0xfc00, 0, 0x8000, 0, 0x8000]);
    assert.is(toHalf(inputs, 'bfloat16')[9], 0x7f80);
    for (const name of ['float16', 'bfloat16'] as const)
      assert.ok(Number.isNaN(fromHalf(toHalf(inputs, name), name)[8]!));
  });
});

/** ONNX QuantizeLinear, in doubles of float32 operands. */
function reference(x: number, scale: number, zero: number, low: number, high: number): number {
  if (Number.isNaN(x)) return zero;
  const q = Math.fround(x / Math.fround(scale));
  const floor = Math.floor(q);
  const rest = q - floor;
  const rounded = rest === 0.5 ? floor + Math.abs(floor % 2) : Math.round(q);
  return Math.min(high, Math.max(low, (Number.isFinite(q) ? rounded : q) + zero));
}

test('quantisation: rounding, saturation, zero points, odd lengths', () => {
  const inputs = Float32Array.from({ length: 4099 }, (_, i) => (i - 2000) * 0.25);
  inputs.set([Number.NaN, Infinity, -Infinity, 3e38, -3e38, 1e-40], 100);
  for (const [scale, zero] of [
    [0.5, 0],
    [1, 7],
    [0.0173, -5],
    [1e-6, 0],
    [3e38, 1],
  ] as const) {
    atEveryLevel((level) => {
      const signed = quantize(inputs, scale, zero, new Int8Array(inputs.length));
      signed.forEach((q, i) => {
        assert.is(q, reference(inputs[i]!, scale, zero, -128, 127), `${level} ${inputs[i]} / ${scale}`);
      });
      const unsigned = quantize(inputs, scale, zero + 100, new Uint8Array(inputs.length));
      unsigned.forEach((q, i) => {
        assert.is(q, reference(inputs[i]!, scale, zero + 100, 0, 255), `${level} ${inputs[i]}`);
      });
    });
  }
});

test('bad arguments are refused with one line', () => {
  const refused = (message: RegExp, run: () => unknown) =>
    assert.throws(run, (error: unknown) => error instanceof UsageError && message.test(error.message));
  const values = new Float32Array(4);
  refused(/out: expected 4 elements, got 3/, () => toHalf(values, 'float16', new Uint16Array(3)));
  refused(/type: expected one of/, () => toHalf(values, 'float8' as 'float16'));
  refused(/scale: .* got 0/, () => quantize(values, 0, 0, new Int8Array(4)));
  refused(/scale: .* got NaN/, () => quantize(values, Number.NaN, 0, new Int8Array(4)));
  refused(/zeroPoint: .* got 128/, () => quantize(values, 1, 128, new Int8Array(4)));
  refused(/zeroPoint: .* got -1/, () => quantize(values, 1, -1, new Uint8Array(4)));
});

test.run();
