import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trend, windowMedians } from '../../src/measure/trend.js';
import { assertClose } from '../support/close.js';

test('a straight line: its change from end to end over its median', () => {
  assertClose(trend([100, 110, 120, 130, 140]), { change: 40 / 120, z: (10 - 1) / Math.sqrt(50 / 3) });
  assert.ok(trend([5, 4, 3]).change < 0 && trend([5, 4, 3]).z < 0);
});

test('one wild window changes nothing', () => {
  assert.is(trend([10, 10, 10, 900, 10, 10]).change, 0);
});

test('too few values have no order', () => {
  assert.is(trend([1, 2]).z, 0);
});

test('orders as strong as the warm-up rule asks for are 40 of the 720 of six windows', () => {
  const orders = permutations([1, 2, 3, 4, 5, 6]).filter((order) => Math.abs(trend(order).z) >= 1.8);
  assert.is(orders.length, 40);
});

test('windows share the values evenly', () => {
  assert.equal(windowMedians([1, 2, 3, 4, 5, 6, 7], 3), [1.5, 3.5, 6]);
  assert.equal(windowMedians([4, 2], 20), [4, 2]);
});

function permutations(values: number[]): number[][] {
  if (values.length <= 1) return [values];
  return values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
}

test.run();
