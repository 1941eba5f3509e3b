import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WARM_UP_RULE, WarmUp } from '../../src/measure/warm-up.js';
import { normal } from '../support/random.js';

/** Drives a warm-up of runs whose durations are a function of the time since the start. */
function drive(durationNs: (timeNs: number) => number, firstRunNs: number, rule = WARM_UP_RULE) {
  const warmUp = new WarmUp(rule, firstRunNs);
  const asked: number[] = [];
  let step = warmUp.next(null);
  while (!step.done) {
    asked.push(step.runs);
    let wallNs = 0;
    const durationsNs = Float64Array.from({ length: step.runs }, () => {
      const ns = durationNs(warmUp.wallNs + wallNs);
      wallNs += ns;
      return ns;
    });
    step = warmUp.next({ durationsNs, wallNs });
  }
  return { reason: step.reason, asked, runs: warmUp.runs, wallNs: warmUp.wallNs, runNs: warmUp.runNs };
}

test('a steady model is warm after three windows', () => {
  const { reason, asked, runs } = drive(() => 1e6, 1e6);
  assert.is(reason, 'flat');
  assert.equal(asked, [50, 50, 50]);
  assert.is(runs, 150);
});

test('the first run may take a thousand times as long: the short first block is no window', () => {
  const { reason, asked } = drive(() => 1e5, 100e6);
  assert.is(reason, 'flat');
  assert.equal(asked, [1, 500, 500, 500]);
});

test('goes on while runs get faster', () => {
  // Settles with a time constant of 200 ms from twice the duration.
  const { reason, wallNs } = drive((timeNs) => 1e6 * (1 + Math.exp(-timeNs / 200e6)), 2e6);
  assert.is(reason, 'flat');
  assert.ok(wallNs > 0.8e9 && wallNs < 2.5e9, `${wallNs}`);
});

test('noise without a trend counts as flat', () => {
  const next = normal(1);
  const { reason, wallNs } = drive(() => 5e6 * (1 + 0.1 * Math.abs(next())), 5e6);
  assert.is(reason, 'flat');
  assert.ok(wallNs < 1e9, `${wallNs}`);
});

test('ends after its time at a trend that never ends', () => {
  const { reason, wallNs } = drive((timeNs) => 1e6 * (1 + timeNs / 1e9), 1e6);
  assert.is(reason, 'max-time');
  assert.ok(wallNs >= WARM_UP_RULE.maxTimeNs && wallNs < WARM_UP_RULE.maxTimeNs + 10e6);
});

test('a slow model runs once per window and stops within one run of the limit', () => {
  const { reason, asked } = drive((timeNs) => 1e9 + timeNs / 5, 1e9);
  assert.is(reason, 'max-time');
  assert.ok(asked.every((runs) => runs === 1));
  assert.is(asked.length, 3);
});

test('a short block means that it was cut off', () => {
  const warmUp = new WarmUp(WARM_UP_RULE, 1e6);
  assert.equal(warmUp.next(null), { done: false, runs: 50 });
  assert.equal(warmUp.next({ durationsNs: new Float64Array(7).fill(1e6), wallNs: 7e6 }), {
    done: true,
    reason: 'interrupted',
  });
  assert.is(warmUp.runs, 7);
});

test.run();
