import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, hfbench } from '../support/cli.js';

const folder = folderWith('add.onnx', 'mul.onnx');
const config = {
  modelFile: ['add.onnx'],
  runtime: 'fake',
  fakeScript: 'script.json',
  batch: [1, 4],
  format: 'jsonl',
  maxSamples: 50,
};
writeFileSync(join(folder, 'hfbench.config.json'), JSON.stringify(config));

async function rows(...args: string[]) {
  const { code, stdout, stderr } = await hfbench(['run', '--config', 'hfbench.config.json', ...args], folder);
  assert.is(code, 0, stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('the file gives the flags', async () => {
  const measured = await rows();
  assert.equal(
    measured.map(({ model, batch, samples }) => [model, batch, samples]),
    [
      ['add.onnx', 1, 50],
      ['add.onnx', 4, 50],
    ],
  );
});

test('flags on the command line win one by one', async () => {
  const measured = await rows('--batch', '2');
  assert.equal(
    measured.map(({ model, batch }) => [model, batch]),
    [['add.onnx', 2]],
  );
});

test('a selection on the command line replaces the whole selection', async () => {
  const measured = await rows('mul.onnx', '--batch', '1');
  assert.equal(
    measured.map(({ model }) => model),
    ['mul.onnx'],
  );
});

test.run();
