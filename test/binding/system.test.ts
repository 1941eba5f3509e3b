import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadAddon } from '../../binding/index.js';

const addon = loadAddon();
const test = suite('system');

test('the clock is fine enough for samples and its readings are possible', () => {
  const { source, readNs, resolutionNs } = addon.measureClock();
  assert.ok(source.length > 0);
  assert.ok(readNs > 0 && readNs < 100_000, `${readNs} ns a read`);
  assert.ok(resolutionNs >= 1 && resolutionNs < 1_000_000, `${resolutionNs} ns`);
});

test('memory that is touched shows as resident, and the peak stays', () => {
  const bytes = 64 * 2 ** 20;
  const before = addon.memoryUse();
  let block: Uint8Array | null = new Uint8Array(bytes).fill(1);
  const during = addon.memoryUse();
  assert.ok(during.currentBytes! >= before.currentBytes! + bytes * 0.9);
  assert.ok(during.peakBytes! >= during.currentBytes! * 0.99);
  assert.is(block[5], 1);
  block = null;
  assert.ok(addon.memoryUse().peakBytes! >= during.peakBytes!);
});

test('a page is a power of two', () => {
  const { pageBytes } = addon.cpuInfo();
  assert.ok(pageBytes >= 4096 && (pageBytes & (pageBytes - 1)) === 0);
});

test('bandwidth: three positive numbers, while JavaScript goes on', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const bandwidth = await addon.measureBandwidth(2 ** 25, 2, 3);
  clearInterval(timer);
  for (const [kernel, rate] of Object.entries(bandwidth)) assert.ok(rate > 1e6, `${kernel} ${rate}`);
  assert.ok(ticks > 0);
});

test('bandwidth of a few bytes on many threads', async () => {
  assert.ok((await addon.measureBandwidth(1, 9, 1)).copyBytesPerSecond > 0);
});

test('arguments are checked', () => {
  assert.throws(() => addon.measureBandwidth(0, 1, 1), /bytes must be a whole number from 1/);
  assert.throws(() => addon.measureBandwidth(8, -1, 1), /threads must be a whole number/);
  assert.throws(() => addon.measureBandwidth(8, 1, 0.5), /rounds must be a whole number/);
});

test.run();
