import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath } from '../../binding/index.js';
import { folderWith, hfbench } from '../support/cli.js';

const folder = folderWith();
const library = join(folder, 'libonnxruntime.so');
copyFileSync(join(dirname(addonPath()), 'fake_ort.library'), library);

async function devices(script: Record<string, string>, ...args: string[]) {
  const env = { HFBENCH_FAKE_ORT_VERSION: '1.20.0', HFBENCH_FAKE_ORT_PROVIDERS: 'CUDAExecutionProvider', ...script };
  return hfbench(['devices', '--ort-lib', library, ...args], folder, env);
}

async function cuda(fault: string, ...args: string[]) {
  const { stdout } = await devices({ HFBENCH_FAKE_ORT_FAULT: fault }, '--format', 'json', ...args);
  const { providers } = JSON.parse(stdout) as { providers: Record<string, string>[] };
  return providers.find(({ provider }) => provider === 'cuda')!;
}

test('every provider of the library is tried, and every other one explained', async () => {
  const { code, stdout } = await devices({});
  assert.is(code, 0);
  assert.match(stdout, /ONNX Runtime 1\.20\.0 \(.*libonnxruntime\.so\)/);
  assert.match(stdout, /^cuda +starts +in \d+ ms, memory Cuda$/m);
  assert.match(stdout, /^directml +not here +DirectML exists on Windows only$/m);
});

test('one that cannot start says why and what mends it, and takes nothing along', async () => {
  const missing = 'append 1 Failed to load library x with error: libcudnn.so.9: cannot open shared object file: no';
  const found = await cuda(missing);
  assert.equal(
    [found.state, found.code, found.reason],
    ['fails', 'provider-library', 'libcudnn.so.9 is needed and was not found'],
  );
  assert.match(found.advice!, /cuDNN 9/);
});

test('an abort and a hang are told apart', async () => {
  const aborted = await cuda('create abort');
  assert.match(aborted.reason!, /ended the process \(SIGABRT\); it said: fake provider: lost the device/);
  const hung = await cuda('create hang', '--timeout', '8s');
  assert.equal([hung.code, hung.reason], ['timeout', 'did not start within 8 s']);
});

test('a library that is none is refused in one line', async () => {
  const { code, stderr } = await hfbench(['devices', '--ort-lib', join(folder, 'script.json')], folder);
  assert.is(code, 2);
  assert.match(stderr, /^hfbench: ONNX Runtime library .*script\.json: /);
});

test('ep install: says what it would run, or why there is nothing', async () => {
  const { code, stderr } = await hfbench(['ep', 'install', 'rocm'], folder);
  assert.is(code, 0);
  assert.match(stderr, /onnxruntime-migraphx/);
  const unknown = await hfbench(['ep', 'install', 'cudda'], folder);
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean 'cuda'/);
});

test.run();
