// From the arguments to the bytes, with scripted durations: every format, every fate of a case.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';
import { assertGolden } from '../support/golden.js';

const folder = folderWith('add.onnx', 'mul.onnx', 'strings.onnx', 'ort-error.onnx');
const TWO = ['run', 'add.onnx', 'mul.onnx', '--batch', '1,4', ...SCRIPTED];

for (const format of ['table', 'json', 'csv', 'markdown', 'jsonl']) {
  test(`two models, two batch sizes, as ${format}`, async () => {
    const { code, stdout, stderr } = await hfbench([...TWO, '--format', format], folder);
    assert.is(stderr, '');
    assert.is(code, 0);
    assertGolden(`cli/run-${format}.txt`, stdout);
  });
}

test('files get what standard output would get', async () => {
  const outputs = ['--json', 'out.json', '--csv', 'out.csv', '--markdown', 'out.md'];
  const { code } = await hfbench([...TWO, ...outputs], folder);
  assert.is(code, 0);
  for (const [file, format] of [
    ['out.csv', 'csv'],
    ['out.md', 'markdown'],
  ] as const) {
    assertGolden(`cli/run-${format}.txt`, readFileSync(join(folder, file), 'utf8'));
  }
  const report = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
  assert.is(report.schema, 'hfbench-report');
  assert.equal(report.command.slice(0, 3), ['run', 'add.onnx', 'mul.onnx']);
  assert.is(report.records.length, 4);
});

test('throughput and cold start', async () => {
  const args = [
    'run',
    'add.onnx',
    '--scenario',
    'throughput,cold-start',
    '--streams',
    '4',
    '--max-samples',
    '3',
    '--min-samples',
    '3',
  ];
  const { code, stdout } = await hfbench([...args, ...SCRIPTED, '--format', 'jsonl'], folder);
  assert.is(code, 0);
  const [throughput, cold] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(throughput.scenario, 'throughput');
  assert.is(throughput.samples, 3);
  assert.is(cold.scenario, 'cold-start');
  // Session creation and first run of the script, in each of three processes.
  assert.is(cold.samples, 3);
  assert.is(cold.latency_min_ns, 15_000_000);
  assert.is(cold.latency_max_ns, 15_000_000);
});

test('what is not measured has its reason, and the rest goes on', async () => {
  const args = ['run', 'ort-error.onnx', 'strings.onnx', 'add.onnx', ...SCRIPTED];
  const { code, stdout } = await hfbench(args, folder);
  assert.is(code, 3);
  assertGolden('cli/run-failures.txt', stdout);
});

test('only unsupported cases: nothing was measured', async () => {
  const { code } = await hfbench(['run', 'strings.onnx', ...SCRIPTED], folder);
  assert.is(code, 3);
});

test('an unsupported case beside a measured one is no failure', async () => {
  const { code } = await hfbench(['run', 'strings.onnx', 'add.onnx', ...SCRIPTED], folder);
  assert.is(code, 0);
});

test('a dry run prints the plan and runs nothing', async () => {
  const { code, stdout } = await hfbench([...TWO, '--dry-run', '--json', 'never.json'], folder);
  assert.is(code, 0);
  assertGolden('cli/dry-run.txt', stdout);
  assert.throws(() => readFileSync(join(folder, 'never.json')), /ENOENT/);
});

test('the journal goes when everything is written', async () => {
  const other = folderWith('add.onnx');
  await hfbench(['run', 'add.onnx', ...SCRIPTED], other);
  const { readdirSync } = await import('node:fs');
  assert.equal(readdirSync(join(other, 'state')), []);
});

test.run();
