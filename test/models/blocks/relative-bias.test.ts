// Buckets of T5's relative positions: values computed by transformers 4.57 (T5Attention._relative_position_bucket).

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bucketOf } from '../../../models/blocks/relative-bias.js';

const DISTANCES = [-500, -128, -127, -64, -33, -20, -9, -8, -7, -1, 0, 1, 7, 8, 12, 40, 90, 128, 500];
const CASES = [
  {
    buckets: 32,
    maxDistance: 128,
    bidirectional: true,
    expected: '15 15 15 14 12 10 8 8 7 1 0 17 23 24 25 28 30 31 31',
  },
  { buckets: 32, maxDistance: 128, bidirectional: false, expected: '31 31 31 26 21 17 9 8 7 1 0 0 0 0 0 0 0 0 0' },
  { buckets: 12, maxDistance: 20, bidirectional: true, expected: '5 5 5 5 5 5 4 4 4 1 0 7 10 10 11 11 11 11 11' },
  { buckets: 12, maxDistance: 20, bidirectional: false, expected: '11 11 11 11 11 11 8 7 6 1 0 0 0 0 0 0 0 0 0' },
];

const buckets = suite('relative buckets');
for (const { expected, ...options } of CASES) {
  const sides = options.bidirectional ? 'both sides' : 'one side';
  buckets(`${options.buckets} up to ${options.maxDistance}, ${sides}`, () => {
    assert.is(DISTANCES.map((distance) => bucketOf(distance, options)).join(' '), expected);
  });
}
buckets.run();
