import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSafetensors } from '../../src/checkpoint/safetensors.js';
import { UsageError } from '../../src/util/error.js';
import { safetensors } from '../support/checkpoint.js';

const files = suite('safetensors');
let folder: string;
files.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hfbench-safetensors-'));
});
files.after(() => rmSync(folder, { recursive: true }));

function read(bytes: Uint8Array) {
  const path = join(folder, 'model.safetensors');
  writeFileSync(path, bytes);
  return readSafetensors(path);
}

/** A file with this header and so many bytes behind it. */
function file(header: unknown, dataBytes: number, announced?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(announced ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

files('places, types and shapes of the tensors', () => {
  const bytes = safetensors([
    { name: 'a', shape: [2, 3], values: new Float32Array(6) },
    { name: 'b', shape: [], values: new Float32Array(1) },
  ]);
  const found = read(bytes);
  const start = bytes.length - 28;
  assert.is(found.size, 2);
  assert.equal(
    { ...found.get('a'), path: '' },
    { path: '', dtype: 'float32', stored: 'F32', shape: [2, 3], offset: start, byteLength: 24 },
  );
  assert.is(found.get('b')!.offset, start + 24);
});

files('a type that no weight can have is listed as such', () => {
  const found = read(file({ q: { dtype: 'F8_E4M3', shape: [4], data_offsets: [0, 4] } }, 4));
  assert.is(found.get('q')!.dtype, null);
});

const entry = (changes: object) => ({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...changes } });
const HOSTILE: [what: string, bytes: Uint8Array, message: RegExp][] = [
  ['an empty file', new Uint8Array(0), /shorter than a safetensors header/],
  ['a header longer than the file', file({}, 0, 999n), /says it is 999 bytes long, the file has/],
  ['a header of 2^63 bytes', file({}, 0, 1n << 63n), /says it is 9223372036854775808 bytes long/],
  ['a header that is no JSON', file('{"w": ', 0), /not JSON/],
  ['a header that is a list', file('[]', 0), /not a JSON object/],
  ['a tensor behind the end', file(entry({ data_offsets: [0, 8] }), 4), /the file is cut/],
  ['offsets that run backwards', file(entry({ data_offsets: [8, 0] }), 8), /the file is cut/],
  ['negative offsets', file(entry({ data_offsets: [-8, 0] }), 8), /no valid offsets/],
  ['offsets beyond whole numbers', file(entry({ data_offsets: [0, 1e300] }), 8), /no valid offsets/],
  ['a shape that does not fit the bytes', file(entry({ shape: [3] }), 8), /has 8 bytes/],
  ['a shape of fractions', file(entry({ shape: [0.5] }), 8), /no valid type and shape/],
  ['an entry that is null', file({ w: null }, 8), /no valid type and shape/],
  [
    'tensors that overlap',
    file({ ...entry({}), v: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }, 12),
    /overlap/,
  ],
];
for (const [what, bytes, message] of HOSTILE) {
  files(`refuses ${what}`, () => {
    assert.throws(
      () => read(bytes),
      (error: Error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

files.run();
