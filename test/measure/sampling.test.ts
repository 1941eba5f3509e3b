import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { relativeHalfWidth, SAMPLING_RULE, Sampling, type SamplingRule } from '../../src/measure/sampling.js';
import { autoregressive, normal } from '../support/random.js';

/** Drives sampling with durations from `next`, in nanoseconds. */
function drive(next: () => number, runNs: number, changes: Partial<SamplingRule> = {}) {
  const sampling = new Sampling({ ...SAMPLING_RULE, ...changes }, runNs);
  const asked: number[] = [];
  let step = sampling.next(null);
  while (!step.done) {
    asked.push(step.runs);
    const durationsNs = Float64Array.from({ length: step.runs }, next);
    const wallNs = durationsNs.reduce((sum, ns) => sum + ns, 0);
    step = sampling.next({ durationsNs, wallNs, cpuNs: 2 * wallNs });
  }
  return { reason: step.reason, asked, sampling };
}

test('a steady model ends at the minimum time, in blocks of 75 ms', () => {
  const { reason, asked, sampling } = drive(() => 1e6, 1e6);
  assert.is(reason, 'target-ci');
  assert.ok(asked.every((runs) => runs === 75));
  assert.ok(sampling.wallNs >= 1e9 && sampling.wallNs < 1.1e9);
  assert.is(sampling.samplesNs.length, asked.length * 75);
  assert.is(sampling.cpuNs, 2 * sampling.wallNs);
});

test('keeps every sample in order', () => {
  let i = 0;
  const { sampling } = drive(() => 1e6 + (i++ % 3000), 1e6);
  assert.equal(
    [...sampling.samplesNs],
    Array.from({ length: i }, (_, index) => 1e6 + (index % 3000)),
  );
});

test('noise is sampled until the interval is as narrow as asked', () => {
  const noise = normal(2);
  const { reason, sampling } = drive(() => 5e6 * (1 + 0.1 * noise()), 5e6, { maxTimeNs: 60e9 });
  assert.is(reason, 'target-ci');
  assert.ok(relativeHalfWidth(sampling.samplesNs)! <= 0.01);
  assert.ok(sampling.wallNs > 1.5e9, `${sampling.wallNs}`);
});

test('samples that hang together take longer', () => {
  const time = (rho: number) => {
    const series = autoregressive(200_000, rho, normal(3));
    let i = 0;
    return drive(() => 1e6 * (1 + 0.1 * series[i++]!), 1e6, { targetHalfWidth: 0.003, maxTimeNs: 1e12 }).sampling
      .wallNs;
  };
  assert.ok(time(0.95) > 4 * time(0));
});

test('the maximum time ends it, whatever the minimum number of samples', () => {
  const { reason, sampling } = drive(() => 2e9, 2e9);
  assert.is(reason, 'max-time');
  assert.is(sampling.samplesNs.length, 5);
});

test('one run that is longer than the maximum time is kept', () => {
  const { reason, sampling } = drive(() => 60e9, 60e9);
  assert.is(reason, 'max-time');
  assert.is(sampling.samplesNs.length, 1);
});

test('a short minimum time still takes the minimum number of samples', () => {
  const { reason, sampling } = drive(() => 20e6, 20e6, { minTimeNs: 0, minSamples: 30, blockNs: 60e6 });
  assert.is(reason, 'target-ci');
  assert.is(sampling.samplesNs.length, 30);
});

test('the number of samples is bounded, to the sample', () => {
  const { reason, sampling } = drive(() => 1000, 1000, { minTimeNs: 1e12, maxTimeNs: 1e13, maxSamples: 100_001 });
  assert.is(reason, 'max-samples');
  assert.is(sampling.samplesNs.length, 100_001);
});

test('a short block means that it was cut off; its samples count', () => {
  const sampling = new Sampling(SAMPLING_RULE, 1e6);
  sampling.next(null);
  const step = sampling.next({ durationsNs: new Float64Array(3).fill(1e6), wallNs: 3e6 });
  assert.equal(step, { done: true, reason: 'interrupted' });
  assert.is(sampling.samplesNs.length, 3);
  assert.is(sampling.cpuNs, null);
});

test('an empty block is an interruption too', () => {
  const sampling = new Sampling(SAMPLING_RULE, 1e6);
  sampling.next(null);
  assert.equal(sampling.next({ durationsNs: new Float64Array(0), wallNs: 0 }), { done: true, reason: 'interrupted' });
  assert.is(sampling.samplesNs.length, 0);
});

test.run();
