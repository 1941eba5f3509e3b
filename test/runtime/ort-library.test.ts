import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ortLibraryPath, packagedOrtLibrary } from '../../src/runtime/ort-library.js';

const test = suite('ort-library');
const kept = process.env.HFBENCH_ORT_LIB;
test.after.each(() => {
  if (kept === undefined) delete process.env.HFBENCH_ORT_LIB;
  else process.env.HFBENCH_ORT_LIB = kept;
});

test('the package has a library for this machine', () => {
  const path = packagedOrtLibrary();
  assert.ok(isAbsolute(path) && existsSync(path), path);
  assert.match(path, new RegExp(`onnxruntime-node.*${process.platform}.*${process.arch}.*onnxruntime`));
});

test('the flag comes before the environment, and that before the package', () => {
  process.env.HFBENCH_ORT_LIB = 'from/environment.so';
  assert.is(ortLibraryPath('from/flag.so'), resolve('from/flag.so'));
  assert.is(ortLibraryPath(null), resolve('from/environment.so'));
  process.env.HFBENCH_ORT_LIB = '';
  assert.is(ortLibraryPath(null), packagedOrtLibrary());
});

test.run();
