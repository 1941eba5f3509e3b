import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { machinePeaks } from '../../src/run/peaks.js';
import { ENVIRONMENT } from '../support/outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-peaks-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, `peaks-${ENVIRONMENT.fingerprint}.json`);
const environment = { ...ENVIRONMENT, cpu: { ...ENVIRONMENT.cpu, l3Bytes: null }, warnings: [] };

test('peaks of a machine that is known are not measured again', async () => {
  writeFileSync(path, '{"gemmGflops": 12.5, "memoryBytesPerSecond": 3e9}');
  assert.equal(await machinePeaks(environment, folder), { gemmGflops: 12.5, memoryBytesPerSecond: 3e9 });
});

test('a file that makes no sense is measured anew, and remembered', async () => {
  writeFileSync(path, '{"gemmGflops": -1, "memoryBytesPerSecond": "fast"}');
  const peaks = await machinePeaks(environment, folder);
  assert.ok(peaks!.gemmGflops! > 0.1, `${peaks?.gemmGflops} GFLOP/s`);
  assert.ok(peaks!.memoryBytesPerSecond! > 1e7, `${peaks?.memoryBytesPerSecond} B/s`);
  assert.equal(await machinePeaks(environment, folder), peaks);
});

test('a busy machine is measured, but not remembered', async () => {
  rmSync(path);
  const warnings = [{ code: 'high-load', message: '', advice: '' }];
  assert.ok((await machinePeaks({ ...environment, warnings }, folder))!.gemmGflops! > 0.1);
  writeFileSync(path, '{"gemmGflops": 1, "memoryBytesPerSecond": 1}');
  assert.is((await machinePeaks(environment, folder))!.gemmGflops, 1);
});

test.run();
