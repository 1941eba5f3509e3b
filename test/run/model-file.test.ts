import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkModelFile } from '../../src/run/model-file.js';
import { UsageError } from '../../src/util/error.js';
import { FAKE } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-files-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const good = readFileSync(join(FAKE, 'add.onnx'));

function check(bytes: Uint8Array, name = 'x.onnx'): number {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return checkModelFile(path).bytes;
}

test('a good file, in any case of its ending', () => {
  assert.is(check(good), good.length);
  assert.is(check(good, 'X.ONNX'), good.length);
});

test('cut anywhere inside its last field, it is refused', () => {
  // The graph is followed by the opset list: a cut right between two fields leaves a well-formed message.
  let refused = 0;
  for (let length = 4; length < good.length; length++) {
    try {
      check(good.subarray(0, length));
    } catch (error) {
      assert.instance(error, UsageError);
      refused++;
    }
  }
  assert.ok(refused >= good.length - 8, `${refused} of ${good.length - 4} cuts refused`);
});

test('no bytes of any kind make it throw anything but a UsageError', () => {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(good);
    for (let change = 0; change <= random() % 4; change++) bytes[random() % bytes.length] = random();
    try {
      check(bytes);
    } catch (error) {
      assert.instance(error, UsageError, String(error));
      assert.not.match((error as Error).message, /\n/);
    }
  }
});

test('an .ort file is taken as it is', () => {
  assert.is(check(Buffer.from('????ORTM'), 'x.ort'), 8);
});

test('a name with a NUL character', () => {
  assert.throws(() => checkModelFile('x\0.onnx'), /NUL/);
});

test.run();
