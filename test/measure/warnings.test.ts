import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { measurementWarnings } from '../../src/measure/warnings.js';
import type { Measurement } from '../../src/run/outcome.js';
import { RUNTIME, sampleDurations, sampleMeasurement } from '../support/outcomes.js';

const codes = (samplesNs: number[], changes: Partial<Measurement> = {}, clock = RUNTIME.clock) =>
  measurementWarnings(sampleMeasurement(samplesNs, changes), clock, 0.01).map(({ code }) => code);
const good = sampleDurations(200, 5e6);

test('a good measurement has none', () => {
  assert.equal(codes(good), []);
  assert.equal(codes([]), []);
});

test('each fault has its own', () => {
  assert.equal(codes(good, { warmupFlat: false }), ['warm-up-short']);
  assert.equal(codes([5e6, 5.1e6]), ['few-samples']);
  assert.equal(codes(good.map((ns, i) => ns * (1 + 0.3 * ((i * 31) % 7))).slice(0, 40)), ['wide-interval']);
  assert.equal(codes(good.map((ns, i) => ns * (1 + i / 2000))), ['wide-interval', 'drift']);
  assert.equal(codes(good.map((ns) => ns / 2500)), ['coarse-clock']);
  assert.equal(codes(good, {}, { source: 'coarse', readNs: 20, resolutionNs: 1e6 }), ['coarse-clock']);
});

test('drift says which way', () => {
  const faster = sampleMeasurement(good.map((ns, i) => ns * (1 - i / 1000)));
  const drift = measurementWarnings(faster, null, 1).find(({ code }) => code === 'drift');
  assert.match(drift!.message, /^Runs became 2\d % faster while sampling$/);
});

test.run();
