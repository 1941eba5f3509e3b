import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { candidateFeeds, dimensionAdvice, makeTensor, resolveShape } from '../../src/run/feeds.js';
import { UnsupportedError } from '../../src/util/error.js';
import { BYTES, type DType, type ValueInfo } from '../../src/util/tensor.js';

const input = (name: string, dtype: DType, ...shape: (number | string)[]): ValueInfo => ({ name, dtype, shape });
const CHOICE = { batch: 2, seq: 10, dims: {} };

test('symbolic dimensions get their size by name', () => {
  const shape = resolveShape(
    input('x', 'float32', 'batch_size', 'sequence_length', 'num_channels', 'height', 7, 'other'),
    CHOICE,
  );
  assert.equal(shape, [2, 10, 3, 224, 7, 1]);
});

test('past keys and values start empty', () => {
  assert.equal(resolveShape(input('past', 'float32', 'N', 8, 'past_sequence_length', 64), CHOICE), [2, 8, 0, 64]);
});

test('unnamed dimensions get their size by place', () => {
  assert.equal(resolveShape(input('ids', 'int64', '?', '?'), CHOICE), [2, 10]);
  assert.equal(resolveShape(input('pixels', 'float32', '?', '?', '?', '?'), CHOICE), [2, 3, 224, 224]);
  assert.equal(resolveShape(input('ids', 'int64', '?', '?'), { ...CHOICE, seq: null }), [2, 128]);
});

test('--dim wins, by name and by place', () => {
  const dims = { batch: 5, 'x[2]': 9 };
  assert.equal(resolveShape(input('x', 'float32', 'batch', 4, '?'), { ...CHOICE, dims }), [5, 4, 9]);
});

test('a tensor beyond 1 GiB is refused with its size', () => {
  const huge = input('x', 'float32', 65_536, 65_536);
  assert.throws(
    () => resolveShape(huge, CHOICE),
    (error: Error) => error instanceof UnsupportedError && /needs 17179869184 bytes/.test(error.message),
  );
  assert.throws(() => resolveShape(input('x', 'float32', 1e300, 1e300), CHOICE), /Infinity bytes/);
});

for (const dtype of Object.keys(BYTES) as DType[]) {
  if (dtype === 'string') continue;
  test(`${dtype}: as many bytes as the shape says, the same every time`, () => {
    const first = makeTensor(input('x', dtype, 3, 5), [3, 5], 'ids');
    assert.is(first.data.length, 15 * BYTES[dtype]);
    assert.equal(first, makeTensor(input('x', dtype, 3, 5), [3, 5], 'ids'));
    assert.not.equal(first.data, new Uint8Array(first.data.length), 'not all zero');
  });
}

test('no elements at all', () => {
  assert.is(makeTensor(input('x', 'float32', 0, 4), [0, 4], 'ids').data.length, 0);
});

test('half and bfloat16 hold the same numbers as float32', () => {
  const single = new Float32Array(makeTensor(input('x', 'float32', 200), [200], 'ids').data.buffer);
  const halves = new Uint16Array(makeTensor(input('x', 'float16', 200), [200], 'ids').data.buffer);
  const brains = new Uint16Array(makeTensor(input('x', 'bfloat16', 200), [200], 'ids').data.buffer);
  const half = (bits: number) => {
    const exponent = (bits >> 10) & 31;
    const size = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
    return bits & 0x8000 ? -size : size;
  };
  const brain = (bits: number) => new Float32Array(new Uint32Array([bits << 16]).buffer)[0]!;
  for (const [i, value] of single.entries()) {
    assert.ok(value >= -1 && value < 1);
    assert.ok(Math.abs(half(halves[i]!) - value) <= 2 ** -11, `${value} as half`);
    assert.ok(Math.abs(brain(brains[i]!) - value) <= 2 ** -7, `${value} as bfloat16`);
  }
});

test('whole numbers suit what their name says', () => {
  const whole = (name: string) =>
    [...new BigInt64Array(makeTensor(input(name, 'int64', 2, 4), [2, 4], 'ids').data.buffer)].map(Number);
  assert.equal(whole('attention_mask'), [1, 1, 1, 1, 1, 1, 1, 1]);
  assert.equal(whole('token_type_ids'), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(whole('position_ids'), [0, 1, 2, 3, 0, 1, 2, 3]);
  const ids = whole('input_ids');
  assert.ok(ids.every((id) => id >= 0 && id < 64) && new Set(ids).size > 2);
});

test('models of real numbers have one set of inputs, others three', () => {
  const real = [input('x', 'float32', 2)];
  const whole = [input('x', 'float32', 2), input('k', 'int64', 1)];
  assert.is([...candidateFeeds(real, [[2]])].length, 1);
  const sets = [...candidateFeeds(whole, [[2], [1]])];
  assert.equal(
    sets.slice(1).map(({ k }) => k!.data[0]),
    [1, 0],
  );
});

test('strings cannot be made', () => {
  assert.throws(() => [...candidateFeeds([input('text', 'string', 1)], [[1]])], /input 'text' takes strings/);
});

test('advice names what was guessed, once', () => {
  const inputs = [input('a', 'int64', 'batch', 'seq'), input('b', 'int64', 'batch', '?', 4)];
  assert.match(dimensionAdvice(inputs, CHOICE)!, /given as batch=2, seq=10, b\[1\]=10; set others/);
  assert.is(dimensionAdvice([input('a', 'float32', 3, 4)], CHOICE), null);
});

test.run();
