import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lowerRank } from '../../src/measure/median-interval.js';
import { MIN_SAMPLES_FOR, type Summary, summarize, summaryOf } from '../../src/measure/summary.js';
import { assertClose } from '../support/close.js';
import { readFixture } from '../support/fixture-text.js';
import { sampleMeasurement } from '../support/outcomes.js';
import { normal, uniform } from '../support/random.js';

interface Fixture {
  series: Record<string, { values: number[]; expected: Summary }>;
  lowerRank: [n: number, rank: number][];
  fewest: Record<keyof typeof MIN_SAMPLES_FOR, number>;
}
const fixture = JSON.parse(readFixture('statistics/statistics.json')) as Fixture;

for (const [name, { values, expected }] of Object.entries(fixture.series)) {
  test(`agrees with numpy and scipy: ${name}`, () => {
    assertClose(summarize(values), expected, 1e-6);
  });
}

test('percentiles start where LoadGen allows them, recomputed from the binomial distribution', () => {
  assert.equal({ ...MIN_SAMPLES_FOR }, fixture.fewest);
  for (const [key, fewest] of Object.entries(MIN_SAMPLES_FOR) as ['p90' | 'p95' | 'p99', number][]) {
    assert.is(summarize(new Float64Array(fewest - 1).fill(1))[key], null);
    assert.is(summarize(new Float64Array(fewest).fill(1))[key], 1);
  }
});

test('ranks of the interval are exact up to 1000 samples and at most one further out above', () => {
  for (const [n, rank] of fixture.lowerRank) {
    const off = rank - lowerRank(n);
    assert.ok(n <= 1000 ? off === 0 : off === 0 || off === 1, `${n}: ${off}`);
  }
});

test('order of the statistics, whatever the samples', () => {
  const next = uniform(7);
  for (let round = 0; round < 300; round += 1) {
    const scale = 10 ** Math.floor(next() * 9);
    const samples = Float64Array.from({ length: 1 + Math.floor(next() * 900) }, () => Math.ceil(next() ** 4 * scale));
    const s = summarize(samples);
    const order = [s.min, s.median, s.p90, s.p95, s.p99, s.max].filter((value) => value !== null);
    assert.equal(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(s.mean >= s.min && s.mean <= s.max);
    if (s.interval) {
      assert.ok(s.min <= s.interval.low && s.interval.low <= s.median);
      assert.ok(s.median <= s.interval.high && s.interval.high <= s.max);
      assert.ok(s.interval.effectiveSamples > 0 && s.interval.effectiveSamples <= s.samples);
    }
  }
});

test('scaling and shifting the samples does the same to the statistics', () => {
  const next = normal(3);
  const samples = Float64Array.from({ length: 200 }, () => 100 + next());
  const plain = summarize(samples);
  const moved = summarize(samples.map((value) => 1000 * value + 5));
  assertClose(moved.median, 1000 * plain.median + 5);
  assertClose(moved.mean, 1000 * plain.mean + 5);
  assertClose(moved.standardDeviation, 1000 * plain.standardDeviation!);
  assertClose(moved.mad, 1000 * plain.mad);
  assertClose(moved.interval!.high, 1000 * plain.interval!.high + 5);
  assertClose(moved.autocorrelation, plain.autocorrelation!, 1e-6);
  assert.equal(moved.outliers, plain.outliers);
});

test('the order of the samples matters to the interval and to nothing that ignores order', () => {
  const next = normal(11);
  const mixed = Float64Array.from({ length: 400 }, () => 100 + next());
  const grouped = mixed.slice().sort();
  assert.is(summarize(grouped).median, summarize(mixed).median);
  const width = (s: Summary) => s.interval!.high - s.interval!.low;
  assert.ok(width(summarize(grouped)) > 2 * width(summarize(mixed)));
});

test('no samples are no summary', () => {
  assert.throws(() => summarize([]), /no samples/);
  assert.is(summaryOf(sampleMeasurement([])), null);
});

test('samples that start over are no trend; rounds that become slower are one', () => {
  const rising = (round: number) => Array.from({ length: 10 }, (_, i) => 100 + i + round);
  const rounds = (slower: number, count: number) => Array.from({ length: count }, (_, i) => rising(i * slower)).flat();
  assert.is(summarize(rounds(0, 12), 10).drift!.change, 0);
  assert.is(summarize(rounds(0, 9), 10).drift, null);
  assert.ok(summarize(rounds(1, 12), 10).drift!.change > 0.09);
  assert.ok(summarize(rounds(0, 1)).drift!.change > 0.05, 'one round alone rises');
});

test('a measurement is summarised once', () => {
  const measurement = sampleMeasurement([1, 2, 3]);
  assert.is(summaryOf(measurement), summaryOf(measurement));
});

test.run();
