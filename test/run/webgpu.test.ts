// A second provider that truly runs: WebGPU on SwiftShader. Skipped where that is not installed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as all } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, hfbench } from '../support/cli.js';
import { swiftShaderEnv } from '../support/swiftshader.js';

const env = swiftShaderEnv();
const test = env === null ? all.skip : all;
const folder = folderWith('add.onnx');
const QUICK = ['--max-time', '300ms', '--min-time', '0', '--max-samples', '5', '--min-samples', '2', '--quiet'];

async function run(...args: string[]) {
  const out = join(folder, 'out.json');
  const finished = await hfbench(['run', ...args, ...QUICK, '--json', out], folder, env!);
  const rows = JSON.parse(readFileSync(out, 'utf8')).records.map(({ row }: { row: unknown }) => row);
  return { ...finished, rows: rows as Record<string, string | number | null>[] };
}

test('a model of the zoo runs on the device, rightly, and both latencies are told', async () => {
  const { code, rows, stdout } = await run('vit', '--size', 'tiny', '--ep', 'webgpu', '--profile', 'profiles');
  assert.is(code, 0, stdout);
  const row = rows[0]!;
  assert.equal([row.status, row.verification, row.device_memory], ['measured', 'agrees', 'WebGPU_Buf']);
  assert.ok(Number(row.node_share) > 0.9, `${row.node_share}`);
  assert.ok(Number(row.time_share) > 0.9, `${row.time_share}`);
  assert.ok(Number(row.output_error) < 1e-4, `${row.output_error}`);
  assert.ok(Number(row.sync_cost_ns) > 0);
  // A run that was not waited for would seem to take less than a hundredth of one with copies.
  const [device, host] = [Number(row.latency_median_ns), Number(row.host_latency_median_ns)];
  assert.ok(device > host / 20, `${device} against ${host}`);
  const [, trace] = /trace: (.*\.trace\.json)/.exec(stdout)!;
  assert.match(stdout, /MatMul +WebGpu/);
  assert.ok(Array.isArray(JSON.parse(readFileSync(trace!, 'utf8'))));
});

test('--strict-ep holds where all nodes are on the device, and options reach it', async () => {
  const { rows } = await run('add.onnx', '--ep', 'webgpu:preferredLayout=NCHW', '--strict-ep', '--no-verify');
  assert.equal(
    [rows[0]!.status, rows[0]!.verification, rows[0]!.provider_options],
    ['measured', 'off', 'preferredLayout=NCHW'],
  );
});

test('devices says that it starts, and takes nodes', async () => {
  const { stdout } = await hfbench(['devices', '--format', 'json'], folder, env!);
  const { providers } = JSON.parse(stdout) as { providers: { provider: string; state: string; tookNode?: boolean }[] };
  const webgpu = providers.find(({ provider }) => provider === 'webgpu');
  assert.equal([webgpu?.state, webgpu?.tookNode], ['starts', true]);
});

test('a check finds what transformers computed, where exponentials of the scores vanish', async () => {
  const { code, stdout } = await hfbench(['check', 'reformer_short', '--ep', 'webgpu'], folder, env!);
  assert.is(code, 0, stdout);
  assert.match(stdout, /^partial +reformer_short +webgpu fp32 +[\d.]+e-7 /m);
});

all.run();
