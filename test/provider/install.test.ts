import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installStep } from '../../src/provider/install.js';

const REQUIREMENTS = { 'linux/x64': ['cuda12'], 'win32/x64': [] };
const linux = { platform: 'linux' as const, arch: 'x64' };

test('CUDA comes by the script of onnxruntime-node, with its own switch', () => {
  const { script, env } = installStep('cuda', linux, REQUIREMENTS);
  assert.is(script, 'script/install.js');
  assert.equal(env, { ONNXRUNTIME_NODE_INSTALL: 'cuda12' });
  assert.equal(installStep('cuda', linux, { 'linux/x64': ['cuda13'] }).env, { ONNXRUNTIME_NODE_INSTALL: 'cuda13' });
});

test('a system for which the package has no files is refused', () => {
  for (const arch of ['x64', 'arm64']) {
    assert.throws(() => installStep('cuda', { platform: 'win32', arch }, REQUIREMENTS), /no CUDA files for win32/);
  }
});

test('what comes with the package, or not by us, is explained', () => {
  for (const [name, words] of [
    ['coreml', /comes with onnxruntime-node on macOS/],
    ['directml', /comes with onnxruntime-node on Windows/],
    ['migraphx', /onnxruntime-migraphx/],
    ['rocm', /up to 1\.22/],
  ] as const) {
    const step = installStep(name, linux, REQUIREMENTS);
    assert.is(step.script, null);
    assert.match(step.words, words);
  }
  assert.throws(() => installStep('qnn', linux, REQUIREMENTS), /nothing that hfbench can fetch/);
});

test.run();
