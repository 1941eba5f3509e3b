import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../src/hardware/index.js';
import { machinePeaks } from '../../src/run/peaks.js';
import { ENVIRONMENT } from '../support/outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-peaks-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.HFBENCH_CACHE = folder;

const withLoad = (load1: number): Environment => ({ ...ENVIRONMENT, state: { ...ENVIRONMENT.state, load1 } });
const kept = () => (existsSync(join(folder, 'peaks')) ? readdirSync(join(folder, 'peaks')) : []);

test('a busy machine is measured, but its peaks are not kept', async () => {
  const peaks = await machinePeaks(withLoad(100), null);
  assert.ok(peaks!.gemmGflops! > 0.1, `${peaks?.gemmGflops} GFLOP/s`);
  assert.ok(peaks!.memoryBytesPerSecond! > 1e7, `${peaks?.memoryBytesPerSecond} B/s`);
  assert.equal(kept(), []);
});

test('a quiet one is measured once; a kept file that makes no sense is measured anew', async () => {
  const peaks = await machinePeaks(withLoad(0), null);
  const [file] = kept();
  writeFileSync(join(folder, 'peaks', file!), '{"gemmGflops": 12.5, "memoryBytesPerSecond": 3e9}');
  assert.equal(await machinePeaks(withLoad(0), null), { gemmGflops: 12.5, memoryBytesPerSecond: 3e9 });
  writeFileSync(join(folder, 'peaks', file!), '{"gemmGflops": -1, "memoryBytesPerSecond": "fast"}');
  const again = await machinePeaks(withLoad(0), null);
  assert.ok(again!.gemmGflops! > 0.1 && again!.gemmGflops !== 12.5);
  assert.ok(peaks !== null);
});

test.run();
