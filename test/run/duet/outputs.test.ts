import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareOutputs, digestOf, sampleOutputs } from '../../../src/run/duet/outputs.js';
import { toBfloat16, toFloat16 } from '../../../src/util/half.js';
import type { HostTensor } from '../../../src/util/tensor.js';

const bytes = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const floats = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: bytes(Float32Array.from(values)),
});
const side = (outputs: Record<string, HostTensor>, inputDigest = 'same') => ({
  outputs: sampleOutputs(outputs),
  inputDigest,
});
const compare = (a: Record<string, HostTensor>, b: Record<string, HostTensor>) => compareOutputs(side(a), side(b));

test('every element type is read as its value', () => {
  const values = [1, 0, 2];
  const tensors: Record<string, HostTensor> = {
    float16: { dtype: 'float16', shape: [3], data: bytes(Uint16Array.from(values, toFloat16)) },
    bfloat16: { dtype: 'bfloat16', shape: [3], data: bytes(Uint16Array.from(values, toBfloat16)) },
    float64: { dtype: 'float64', shape: [3], data: bytes(Float64Array.from(values)) },
    int64: { dtype: 'int64', shape: [3], data: bytes(BigInt64Array.from(values, BigInt)) },
    uint8: { dtype: 'uint8', shape: [3], data: Uint8Array.from(values) },
    text: { dtype: 'string', shape: [3], data: new Uint8Array() },
  };
  const found = sampleOutputs(tensors);
  assert.equal(
    found.map(({ name }) => name),
    ['float16', 'bfloat16', 'float64', 'int64', 'uint8'],
  );
  for (const { values: read } of found) assert.equal([...read], values);
});

test('large outputs are thinned, the same way on both sides', () => {
  const count = 1 << 20;
  const tensor: HostTensor = { dtype: 'uint8', shape: [count], data: new Uint8Array(count).map((_, i) => i % 251) };
  const [sampled] = sampleOutputs({ y: tensor });
  assert.is(sampled!.values.length, count / 4);
  assert.is(sampled!.values[3], 12);
});

test('the distance is the largest relative L2 error', () => {
  const found = compare({ y: floats(3, 4), z: floats(1) }, { y: floats(3, 4.5), z: floats(1) });
  assert.equal(found, { relativeL2: 0.1, output: 'y', problem: null, wrong: false });
  assert.is(compare({ y: floats(1, 2) }, { y: floats(1, 2) }).relativeL2, 0);
});

test('values that are no numbers are wrong unless both sides have them', () => {
  const both = floats(1, Number.NaN);
  assert.is(compare({ y: both }, { y: both }).relativeL2, 0);
  assert.ok(compare({ y: floats(1, 2) }, { y: both }).wrong);
  assert.ok(compare({ y: floats(1, 2) }, { y: floats(1, Number.POSITIVE_INFINITY) }).wrong);
});

test('against an output of zeros the distance is absolute, and finite', () => {
  assert.is(compare({ y: floats(0, 0) }, { y: floats(3, 3) }).relativeL2, 3);
});

test('other shapes and missing outputs are wrong; other names are matched by place', () => {
  assert.match(compare({ y: floats(1, 2) }, { y: floats(1) }).problem!, /\[2\] in A, \[1\] in B/);
  assert.match(compare({ y: floats(1), z: floats(1) }, { y: floats(1) }).problem!, /no output 'z'/);
  assert.is(compare({ y: floats(1) }, { out: floats(1) }).relativeL2, 0);
  assert.ok(compare({ y: floats(1) }, { o: floats(1), p: floats(1) }).wrong);
});

test('different inputs are unknown, not wrong', () => {
  const found = compareOutputs(side({ y: floats(1) }, 'one'), side({ y: floats(9) }, 'other'));
  assert.is(found.wrong, false);
  assert.match(found.problem!, /different inputs/);
});

test('the digest of inputs knows names, types, shapes and bytes, and no order', () => {
  assert.is(digestOf({ a: floats(1), b: floats(2) }), digestOf({ b: floats(2), a: floats(1) }));
  assert.is.not(digestOf({ a: floats(1) }), digestOf({ a: floats(2) }));
  assert.is.not(digestOf({ a: floats(1) }), digestOf({ b: floats(1) }));
});

test.run();
