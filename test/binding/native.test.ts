// The C++ tests of the pure layers (test/binding/native), as one test here.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath } from '../../binding/index.js';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';

const test = suite('native');

test('the C++ tests pass', () => {
  const folder = dirname(addonPath());
  const program = join(folder, process.platform === 'win32' ? 'hfbench_test.exe' : 'hfbench_test');
  const child = spawnSync(program, [join(folder, 'fake_ort.library'), packagedOrtLibrary()], { encoding: 'utf8' });
  assert.is(child.status, 0, `${child.error ?? ''}${child.stdout}${child.stderr}`);
  assert.match(child.stdout, /^[1-9]\d* passed, 0 failed$/m);
});

test.run();
