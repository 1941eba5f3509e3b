import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allowedCpus, chooseCpus } from '../../../src/run/duet/placement.js';
import { seededRandom } from '../../../src/util/seeded-random.js';

test('the list of CPUs of /proc', () => {
  assert.equal(
    allowedCpus(() => 'Name:\tnode\nCpus_allowed_list:\t0-2,5,7-8\n'),
    [0, 1, 2, 5, 7, 8],
  );
  assert.is(
    allowedCpus(() => 'Name:\tnode\n'),
    null,
  );
  assert.is(
    allowedCpus(() => {
      throw new Error('no /proc');
    }),
    null,
  );
});

test('as many as there are threads, in turn all of them; none where all are used', () => {
  const random = seededRandom(1);
  const seen = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const chosen = chooseCpus(2, [3, 5, 7, 9], random)!;
    assert.is(new Set(chosen).size, 2);
    for (const cpu of chosen) seen.add(cpu);
  }
  assert.equal([...seen].sort(), [3, 5, 7, 9]);
  assert.is(chooseCpus(0, [0, 1], random), null);
  assert.is(chooseCpus(2, [0, 1], random), null);
  assert.is(chooseCpus(1, null, random), null);
});

test('a seed repeats the numbers, and they are spread evenly', () => {
  const [a, b] = [seededRandom(42), seededRandom(42)];
  const values = Array.from({ length: 10_000 }, () => a());
  for (const value of values.slice(0, 10)) assert.is(b(), value);
  const low = values.filter((value) => value < 0.5).length;
  assert.ok(low > 4800 && low < 5200, `${low} of 10000 below a half`);
  assert.ok(values.every((value) => value >= 0 && value < 1));
});

test.run();
