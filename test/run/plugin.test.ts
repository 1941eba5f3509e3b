// A provider plugin (test/support/neg_provider.cc, which takes every Neg) in the packaged ONNX Runtime: all that --ep-library does.

import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath } from '../../binding/index.js';
import { encodeModel, Graph, neg, relu, type Tensor } from '../../src/graph/index.js';
import { folderWith, hfbench } from '../support/cli.js';

const folder = folderWith();
copyFileSync(join(dirname(addonPath()), 'neg_provider.library'), join(folder, 'neg.library'));

function write(name: string, body: (x: Tensor) => Tensor): void {
  const g = new Graph();
  g.output('y', body(g.input('x', 'float32', [4, 8])));
  writeFileSync(join(folder, name), encodeModel(g, name));
}
write('neg.onnx', (x) => neg(x));
write('mixed.onnx', (x) => relu(neg(relu(x))));
write('relu.onnx', (x) => relu(x));

const PLUGIN = ['--ep-library', 'mine=neg.library'];
const QUICK = ['--max-time', '50ms', '--max-samples', '20', '--quiet', '--format', 'json'];

/** The records by model. */
async function run(models: string[], ep: string, ...more: string[]) {
  const { code, stdout, stderr } = await hfbench(['run', ...models, '--ep', ep, ...PLUGIN, ...QUICK, ...more], folder);
  assert.not.match(stderr, /^ {4}at /m, 'no stack trace');
  const rows = JSON.parse(stdout).records.map(({ row }: { row: { model: string } }) => [row.model, row]);
  return { code, rows: Object.fromEntries(rows) };
}

test('what it runs, what falls back, and what it does not run at all', async () => {
  const { code, rows } = await run(['neg.onnx', 'mixed.onnx', 'relu.onnx'], 'mine');
  assert.is(code, 3);
  const neg = rows['neg.onnx'];
  assert.equal([neg.provider, neg.status, neg.node_share, neg.verification], ['mine', 'measured', 1, 'agrees']);
  assert.ok(neg.latency_median_ns > 0);
  const mixed = rows['mixed.onnx'];
  assert.equal([mixed.status, mixed.verification, mixed.fallback_ops], ['measured', 'agrees', 'Relu x2']);
  assert.ok(mixed.node_share > 0.3 && mixed.node_share < 0.4, String(mixed.node_share));
  const relu = rows['relu.onnx'];
  assert.equal([relu.status, relu.reason], ['failed', 'provider-unused']);
  assert.match(relu.reason_text, /mine ran no node/);
});

test('--strict-ep refuses the fallback', async () => {
  const { code, rows } = await run(['mixed.onnx'], 'mine', '--strict-ep');
  assert.is(code, 3);
  assert.is(rows['mixed.onnx'].reason, 'fallback', rows['mixed.onnx'].reason_text);
});

test('its options reach it, and what they make wrong is found', async () => {
  const { code, rows } = await run(['neg.onnx'], 'mine:wrong=1');
  assert.is(code, 3);
  const { reason, reason_text, provider_options } = rows['neg.onnx'];
  assert.equal([reason, provider_options], ['wrong-output', 'wrong=1']);
  assert.match(reason_text, /numerically wrong: output 'y'/);
});

test('devices tries it; a path that leads nowhere is refused everywhere', async () => {
  const { stdout } = await hfbench(['devices', ...PLUGIN, '--format', 'json'], folder);
  const { library, providers } = JSON.parse(stdout);
  assert.is(providers.find(({ provider }: { provider: string }) => provider === 'mine').state, 'starts');
  assert.ok(
    library.devices.some(({ provider }: { provider: string }) => provider === 'NegExecutionProvider'),
    stdout,
  );
  for (const args of [['devices'], ['run', 'neg.onnx'], ['check', 'bert']]) {
    const { code, stderr } = await hfbench([...args, '--ep-library', 'mine=none.so'], folder);
    assert.equal([code, stderr.trim()], [2, 'hfbench: --ep-library mine=none.so: no such file']);
  }
});

test.run();
