import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareOutputs, outputError, referenceCase, toleranceOf } from '../../src/run/verify.js';
import { toFloat16 } from '../../src/util/half.js';
import type { HostTensor } from '../../src/util/tensor.js';
import { sampleCase } from '../support/outcomes.js';

const bytes = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const floats = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: bytes(Float32Array.from(values)),
});
const ids = (...values: number[]): HostTensor => ({
  dtype: 'int64',
  shape: [values.length],
  data: bytes(BigInt64Array.from(values, BigInt)),
});

test('the error is relative to the norm of the whole output', () => {
  assert.is(outputError(floats(3, 4), floats(3, 4)), 0);
  assert.ok(Math.abs(outputError(floats(3, 4.5), floats(3, 4)) - 0.1) < 1e-6);
});

test('float16 is compared with float32 by value', () => {
  const half: HostTensor = { dtype: 'float16', shape: [2], data: bytes(Uint16Array.from([1, 2], toFloat16)) };
  assert.is(outputError(half, floats(1, 2)), 0);
});

test('whole numbers are compared by how many differ', () => {
  assert.is(outputError(ids(1, 2, 3, 400), ids(1, 2, 3, 4)), 0.25);
});

test('what is not finite must be the same; other shapes and missing outputs are infinitely wrong', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
  assert.is(outputError(floats(nan, 1), floats(nan, 1)), 0);
  assert.is(outputError(floats(nan, 1), floats(0, 1)), infinite);
  assert.is(outputError(floats(0, 1), floats(infinite, 1)), infinite);
  assert.is(outputError(undefined, floats(1)), infinite);
  assert.is(outputError(floats(1, 1), floats(1)), infinite);
});

test('the first output beyond the tolerance is named, else the worst', () => {
  const theirs = { a: floats(1, 0), b: floats(1, 0), c: floats(1, 0) };
  const right = compareOutputs({ a: floats(1, 0), b: floats(1, 1e-5), c: floats(1, 0) }, theirs, 1e-3);
  assert.is(right.state === 'agrees' && right.output, 'b');
  const wrong = compareOutputs({ a: floats(1, 0), b: floats(1, 0.1), c: floats(2, 0) }, theirs, 1e-3);
  assert.is(wrong.state === 'differs' && wrong.output, 'b');
  assert.is(compareOutputs({}, {}, 1).state, 'unavailable');
});

test('fp16 is held against fp32, quantised weights against the same weights, the CPU against nothing', () => {
  assert.is(referenceCase(sampleCase()), null);
  assert.is(referenceCase(sampleCase({ dtype: 'int4' })), null);
  assert.is(referenceCase(sampleCase({ dtype: 'fp16' }))?.dtype, 'fp32');
  const reference = referenceCase(
    sampleCase({ provider: 'cuda', dtype: 'int8', providerOptions: { device_id: '1' } }),
  )!;
  assert.equal([reference.provider, reference.dtype, reference.providerOptions], ['cpu', 'int8', {}]);
  assert.ok(toleranceOf(sampleCase({ dtype: 'fp16' })) > toleranceOf(sampleCase()));
});

test.run();
