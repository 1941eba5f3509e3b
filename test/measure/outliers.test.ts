import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outliers } from '../../src/measure/outliers.js';
import { sorted } from '../../src/measure/quantile.js';

const mark = (samples: number[]) => outliers(samples, sorted(samples));

test('marks both sides by their place in the series', () => {
  const samples = [100, 101, 99, 500, 100, 102, 98, 100, 101, 99, 1];
  assert.equal(mark(samples), [3, 10]);
});

test('marks nothing where it cannot tell', () => {
  assert.is(mark([1, 2, 3]), null);
  assert.is(mark([7, 7, 7, 7, 7, 7, 7, 7, 7, 9]), null);
});

test.run();
