import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { didYouMean, editDistance, nearest } from '../../src/util/suggest.js';

test('distance: insert, delete, substitute and swap cost one each', () => {
  for (const [a, b, distance] of [
    ['', '', 0],
    ['', 'abc', 3],
    ['bert', 'bert', 0],
    ['brt', 'bert', 1],
    ['beert', 'bert', 1],
    ['bart', 'bert', 1],
    ['bret', 'bert', 1],
    ['kitten', 'sitting', 3],
  ] as const) {
    assert.is(editDistance(a, b), distance, `${a} ${b}`);
    assert.is(editDistance(b, a), distance, `${b} ${a}`);
  }
});

test('the nearest word, in any case, but not any word', () => {
  const known = ['bert', 'roberta', 'gpt2', 't5'];
  assert.is(nearest('BRET', known), 'bert');
  assert.is(nearest('robrta', known), 'roberta');
  assert.is(nearest('rob', known), 'roberta', 'the beginning of a word');
  assert.is(nearest('xyzzy', known), null);
  assert.is(nearest('q9', known), null, 'two letters off from t5');
  assert.is(didYouMean('gtp2', known), " (did you mean 'gpt2'?)");
  assert.is(didYouMean('xyzzy', known), '');
});

test.run();
