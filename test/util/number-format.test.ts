import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatBytes, formatDuration, formatNumber, formatPercent, formatSi } from '../../src/util/number-format.js';
import { uniform } from '../support/random.js';

test('durations', () => {
  const texts = [0, 1, 21, 999, 999.4, 1000, 4920, 999_499, 999_500, 28_960_000, 1e9, 90e9, 1e13].map((ns) =>
    formatDuration(ns),
  );
  assert.equal(texts, [
    ...['0 ns', '1 ns', '21 ns', '999 ns', '999 ns', '1.00 µs', '4.92 µs', '999 µs', '1.00 ms', '29.0 ms', '1.00 s'],
    ...['90.0 s', '10000 s'],
  ]);
});

test('bytes in binary units', () => {
  const texts = [0, 512, 1023, 1024, 437_928_960, 25_276_026_880, 2 ** 41].map((bytes) => formatBytes(bytes));
  assert.equal(texts, ['0 B', '512 B', '1023 B', '1.00 KiB', '418 MiB', '23.5 GiB', '2.00 TiB']);
});

test('decimal prefixes', () => {
  assert.is(formatSi(2.4e9, 'FLOP/s'), '2.40 GFLOP/s');
  assert.is(formatSi(0.241, '/s'), '0.241 /s');
  assert.is(formatSi(109_482_240, ''), '109 M');
  assert.is(formatSi(-1500, 'B'), '-1.50 kB');
});

test('percent', () => {
  assert.equal(
    [0.956, 1.37, 0.00673, 0.05].map((ratio) => formatPercent(ratio)),
    ['95.6 %', '137 %', '0.673 %', '5 %'],
  );
  assert.is(formatPercent(0.0123, 2), '1.2 %');
});

test('no number has an exponent, and each is right to three digits', () => {
  const next = uniform(4);
  for (let round = 0; round < 2000; round += 1) {
    const value = 10 ** (next() * 22 - 6);
    const text = formatNumber(value);
    assert.match(text, /^\d+(\.\d+)?$/);
    assert.ok(Math.abs(Number(text) / value - 1) <= 0.00501, `${value} ${text}`);
  }
});

test('what is no number is an empty text', () => {
  assert.equal(
    [Number.NaN, Number.POSITIVE_INFINITY].map((value) => formatNumber(value)),
    ['', ''],
  );
});

test.run();
