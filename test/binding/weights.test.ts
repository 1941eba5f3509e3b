import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadAddon } from '../../binding/index.js';
import type { WeightSpec } from '../../src/runtime/session.js';

interface Case {
  spec: WeightSpec;
  shape: number[];
  bytes: number;
  base64?: string;
  sha256?: string;
}
const fixture = new URL('../../../test/fixtures/weights/weights.json', import.meta.url);
const { file, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { file: string; cases: Case[] };

const addon = loadAddon();
const folder = mkdtempSync(join(tmpdir(), 'hfbench-weights-'));
const path = join(folder, 'values.bin');
writeFileSync(path, Buffer.from(file, 'base64'));

function stored(spec: WeightSpec, threads?: number): Uint8Array {
  const target = new Uint8Array(addon.storedWeight(spec).byteLength).fill(0xcc);
  addon.storeWeight(spec, target, threads);
  return target;
}

const test = suite('weights');
test.after(() => rmSync(folder, { recursive: true }));
test.after.each(() => addon.forceIsa(''));

for (const level of addon.cpuInfo().isaLevels) {
  test(`${cases.length} weights have numpy's bits at level ${level}`, () => {
    addon.forceIsa(level);
    for (const { spec, shape, bytes, base64, sha256 } of cases) {
      if (spec.values.kind === 'file') spec.values.path = path;
      const label = JSON.stringify(spec);
      assert.equal(addon.storedWeight(spec), { dtype: spec.dtype, shape, byteLength: bytes }, label);
      const data = Buffer.from(stored(spec));
      if (base64 !== undefined) assert.is(data.toString('base64'), base64, label);
      else assert.is(createHash('sha256').update(data).digest('hex'), sha256, label);
    }
  });
}

const fill = (more: Partial<WeightSpec> = {}): WeightSpec => ({
  name: 'w',
  dtype: 'float32',
  shape: [300, 1000],
  transposed: false,
  values: { kind: 'fill', stream: 'w', center: 0, scale: 1 },
  ...more,
});

test('the number of threads does not change a bit', () => {
  for (const spec of [
    fill(),
    fill({ transposed: true }),
    fill({ dtype: 'int8', pack: { scheme: 'int8-column', part: 'values' } }),
  ]) {
    const one = stored(spec, 1);
    for (const threads of [2, 3, 16]) assert.equal(stored(spec, threads), one);
  }
});

test('a slice of a stream has the values of its place', () => {
  const whole = stored(fill());
  const values = { kind: 'fill', stream: 'w', center: 0, scale: 1, start: 120_000 } as const;
  assert.equal(stored(fill({ shape: [150, 1000], values })), whole.subarray(120_000 * 4, 270_000 * 4));
  const last = { ...values, start: 299_999 };
  assert.equal(stored(fill({ shape: [1, 1], transposed: true, values: last })), whole.subarray(-4));
});

test('transposed storage is the transpose', () => {
  const [rows, columns] = [300, 1000];
  const plain = new Float32Array(stored(fill()).buffer);
  const transposed = new Float32Array(stored(fill({ transposed: true })).buffer);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) assert.is(transposed[c * rows + r], plain[r * columns + c]);
  }
});

test('quantised storage is as close as its steps allow', () => {
  const [rows, columns] = [64, 256];
  const shape = [rows, columns];
  const x = new Float32Array(stored(fill({ shape })).buffer);
  const part = (scheme: 'int8-column' | 'int4-block32', name: 'values' | 'scales') => {
    const dtype = name === 'scales' ? 'float32' : scheme === 'int8-column' ? 'int8' : 'uint8';
    return stored(fill({ shape, dtype, pack: { scheme, part: name } })).buffer;
  };
  const int8 = new Int8Array(part('int8-column', 'values'));
  const scales8 = new Float32Array(part('int8-column', 'scales'));
  const int4 = new Uint8Array(part('int4-block32', 'values'));
  const scales4 = new Float32Array(part('int4-block32', 'scales'));
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c;
      const back8 = int8[c * rows + r]! * scales8[r]!;
      assert.ok(Math.abs(back8 - x[i]!) <= scales8[r]! * 0.5001);
      const nibble = (int4[i >> 1]! >> (4 * (i & 1))) & 15;
      const scale = scales4[i >> 5]!;
      // The far end of the range, +8 steps, does not exist: the entry nearest to it may be off by a whole step.
      assert.ok(Math.abs((nibble - 8) * scale - x[i]!) <= Math.abs(scale) * 1.0001);
    }
  }
});

test('a matrix that lies [in, out] is quantised to the same bytes', () => {
  const [out, inner] = [70, 4100]; // more than a strip of channels, more than a piece of one, and a part of a block
  const byChannel = stored(fill({ shape: [out, inner] }));
  const byInput = stored(fill({ shape: [out, inner], transposed: true }));
  const from = (bytes: Uint8Array, name: string): WeightSpec['values'] => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return { kind: 'file', path: file, offset: 0, byteLength: bytes.length, dtype: 'float32' };
  };
  const [rows, columns] = [from(byChannel, 'out-in.bin'), from(byInput, 'in-out.bin')];
  for (const scheme of ['int8-column', 'int4-block32'] as const) {
    for (const part of ['values', 'scales', 'zeros'] as const) {
      const dtype = part === 'scales' ? 'float32' : scheme === 'int8-column' ? 'int8' : 'uint8';
      const wanted = stored(fill({ shape: [out, inner], dtype, pack: { scheme, part }, values: rows }));
      const turned = fill({ shape: [inner, out], dtype, pack: { scheme, part, inOut: true }, values: columns });
      assert.equal(stored(turned), wanted, `${scheme} ${part}`);
    }
  }
});

test('NaNs survive a change of type, and are refused for quantised storage', () => {
  const nan = join(folder, 'nan.bin');
  writeFileSync(nan, new Uint8Array(new Float32Array([1, Number.NaN, -2, 0]).buffer));
  const values = { kind: 'file', path: nan, offset: 0, byteLength: 16, dtype: 'float32' } as const;
  for (const level of addon.cpuInfo().isaLevels) {
    addon.forceIsa(level);
    const shape = [1, 4];
    const half = new Uint16Array(stored(fill({ dtype: 'float16', shape, values })).buffer);
    assert.ok((half[1]! & 0x7fff) > 0x7c00, 'float16');
    const brain = new Uint16Array(stored(fill({ dtype: 'bfloat16', shape, values })).buffer);
    assert.ok((brain[1]! & 0x7fff) > 0x7f80, 'bfloat16');
    for (const [scheme, dtype] of [
      ['int8-column', 'int8'],
      ['int4-block32', 'uint8'],
    ] as const) {
      const spec = fill({ dtype, shape, values, pack: { scheme, part: 'values' } });
      assert.throws(() => stored(spec), /weight 'w': has values that are not finite, so it cannot be quantised/);
    }
  }
});

const wrong: [string, Partial<WeightSpec>, RegExp][] = [
  ['no dtype', { dtype: 'float8' as 'int8' }, /spec.dtype must be one of float32, float16/],
  ['negative size', { shape: [-1] }, /spec.shape\[0\] must be a whole number from 0 to/],
  ['huge shape', { shape: [2 ** 30, 2 ** 30] }, /spec.shape must be a shape of fewer than 2\^53 elements/],
  ['vector transposed', { shape: [4], transposed: true }, /for matrices only/],
  ['floats as int64', { dtype: 'int64' }, /floating-point values cannot be stored as plain integers/],
  ['int8 in uint8', { dtype: 'uint8', pack: { scheme: 'int8-column', part: 'values' } }, /is stored as int8/],
  ['part', { pack: { scheme: 'int8-column', part: 'x' as 'zeros' } }, /part must be values, scales or zeros/],
  [
    'scheme',
    { pack: { scheme: 'int2' as 'int8-column', part: 'zeros' } },
    /scheme must be int8-column or int4-block32/,
  ],
  [
    'infinite scale',
    { values: { kind: 'fill', stream: 'w', center: 0, scale: 1e300 } },
    /center and scale must be finite/,
  ],
  [
    'NaN center',
    { values: { kind: 'fill', stream: 'w', center: Number.NaN, scale: 1 } },
    /center must be a finite number/,
  ],
  [
    'kind',
    { values: { kind: 'net' as 'fill', stream: '', center: 0, scale: 1 } },
    /kind must be fill, integers or file/,
  ],
  ['range', { dtype: 'int8', values: { kind: 'integers', stream: '', low: 0, high: 129 } }, /do not fit its type/],
  [
    'empty range',
    { dtype: 'int8', values: { kind: 'integers', stream: '', low: 3, high: 3 } },
    /low must be below high/,
  ],
  [
    'integers as floats',
    { values: { kind: 'integers', stream: '', low: 0, high: 3 } },
    /cannot be stored as floating point/,
  ],
];
for (const [label, more, message] of wrong) {
  test(`refused: ${label}`, () => assert.throws(() => addon.storedWeight(fill({ shape: [3, 4], ...more })), message));
}

const slice = (more: object) =>
  fill({
    shape: [4],
    values: { kind: 'file', path, offset: 0, byteLength: 16, dtype: 'float32', ...more } as WeightSpec['values'],
  });
const wrongFiles: [string, object, RegExp][] = [
  ['past the end', { offset: 1e9 }, /its bytes 1000000000 to 1000000016 end beyond the file of \d+ bytes/],
  ['overflow', { offset: 2 ** 53 - 1 }, /end beyond the file/],
  ['too few', { byteLength: 8 }, /its shape needs 16 bytes, the file has 8/],
  ['missing', { path: join(folder, 'missing') }, /weights file .*missing: No such file/],
  ['folder', { path: folder }, /weights file .*: is not a regular file/],
  ['type', { dtype: 'int8' }, /values in a file must be float32, float16 or bfloat16/],
];
for (const [label, more, message] of wrongFiles) {
  test(`refused file: ${label}`, () => assert.throws(() => addon.storedWeight(slice(more)), message));
}

test('targets that are too short, detached, misaligned or no bytes are refused', () => {
  const spec = fill({ shape: [4] });
  assert.throws(() => addon.storeWeight(spec, new Uint8Array(15)), /target must be 16 bytes long/);
  assert.throws(() => addon.storeWeight(spec, new Uint8Array(new ArrayBuffer(20), 1, 16)), /target must be aligned/);
  assert.throws(() => addon.storeWeight(spec, [] as unknown as Uint8Array), /target must be a typed array/);
  const gone = new Uint8Array(16);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  assert.throws(() => addon.storeWeight(spec, gone), /target must be a typed array whose buffer is not detached/);
  assert.throws(() => addon.storeWeight(spec, new Uint8Array(16), -1), /threads must be a whole number/);
  assert.throws(() => addon.storeWeight(null as unknown as WeightSpec, gone), /spec must be an object/);
});

test.run();
