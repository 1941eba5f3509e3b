import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { medianInterval } from '../../src/measure/median-interval.js';
import { sorted } from '../../src/measure/quantile.js';
import { autoregressive, normal } from '../support/random.js';

const interval = (samples: Float64Array) => medianInterval(samples, sorted(samples));

/** Share of series whose interval holds the true median, 0. */
function coverage(count: number, rho: number, rounds = 500): number {
  const next = normal(count + rho * 1000);
  let held = 0;
  for (let round = 0; round < rounds; round += 1) {
    const found = interval(autoregressive(count, rho, next));
    // No interval claims nothing.
    if (!found || (found.low <= 0 && found.high >= 0)) held += 1;
  }
  return held / rounds;
}

// Standard error of a share of 0.95 over 500 rounds: 0.01.
test('holds the true median in 95 % of independent series', () => {
  for (const count of [10, 50, 200, 1000]) assert.ok(coverage(count, 0) >= 0.93, `${count}`);
});

test('holds it also when samples hang together as runs of one process do (lag-1 autocorrelation 0.65)', () => {
  for (const count of [50, 200, 1000]) assert.ok(coverage(count, 0.65) >= 0.91, `${count}`);
});

test('needs long series where they hang together more', () => {
  assert.ok(coverage(5000, 0.9) >= 0.92);
});

test('is much wider than that of independent samples with the same spread', () => {
  const next = normal(5);
  const width = (rho: number) => {
    const found = interval(autoregressive(4000, rho, next))!;
    return found.high - found.low;
  };
  assert.ok(width(0.9) > 2.5 * width(0));
});

test('effective samples follow (1 - rho) / (1 + rho) in order of magnitude', () => {
  const next = normal(6);
  const found = interval(autoregressive(20_000, 0.8, next))!;
  // The indicator of the median hangs together a little less than the samples themselves: 1/9 of 20000 is a lower guide.
  assert.ok(found.effectiveSamples > 1000 && found.effectiveSamples < 8000, `${found.effectiveSamples}`);
});

test('is absent for fewer than ten samples', () => {
  assert.is(interval(new Float64Array(9).fill(1)), null);
  assert.equal(interval(new Float64Array(10).fill(1)), { low: 1, high: 1, effectiveSamples: 10 });
});

test('is absent when the series is one step: nothing can be said', () => {
  const step = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 2));
  assert.is(interval(step), null);
});

test.run();
