import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { duration, list, oneOf, pairs, ratio, text, whole, yes } from '../../src/cli/flag-values.js';
import { UsageError } from '../../src/util/error.js';

const refused = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    assert.instance(error, UsageError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

test('durations in nanoseconds, seconds by default', () => {
  for (const [given, ns] of [
    ['2', 2e9],
    [2, 2e9],
    ['1.5s', 1.5e9],
    ['500ms', 5e8],
    ['3us', 3e3],
    ['2m', 120e9],
    ['1h', 3600e9],
    ['0', 0],
  ] as const) {
    assert.is(duration(given, '--x'), ns, String(given));
  }
  for (const bad of ['', 's', '1 year', '-1', '1e9', 'NaN', '99999h', {}, null]) refused(() => duration(bad, '--x'));
});

test('ratios as percentages or fractions', () => {
  assert.is(ratio('1%', '--x'), 0.01);
  assert.is(ratio('0.02', '--x'), 0.02);
  assert.is(ratio(0.5, '--x'), 0.5);
  for (const bad of ['0', '0%', '51%', '1', 'half', '']) refused(() => ratio(bad, '--x'));
});

test('whole numbers within bounds', () => {
  const small = whole(1, 9, '4');
  assert.is(small('9', '--x'), 9);
  assert.is(small(1, '--x'), 1);
  for (const bad of ['0', '10', '1.5', '1e0', ' 1', '', '0x1', 1.5, '99999999999999999999']) {
    assert.match(
      refused(() => small(bad, '--x')),
      /^--x .*: expected a whole number from 1 to 9, e\.g\. 4$/,
    );
  }
});

test('lists: commas or arrays, without repeats', () => {
  const numbers = list(whole(0, 9, '1'));
  assert.equal(numbers('1, 2,1', '--x'), [1, 2]);
  assert.equal(numbers([3, '4'], '--x'), [3, 4]);
  assert.equal(numbers(5, '--x'), [5]);
  for (const bad of ['', ',', '1,', [], [''], ['1,2']]) refused(() => numbers(bad, '--x'));
  assert.equal(list(text)(['a,b.onnx'], '--x'), ['a,b.onnx'], 'a repeated flag is not split');
});

test('words of a list, with a suggestion', () => {
  assert.is(oneOf(['tiny', 'full'])('full', '--size'), 'full');
  assert.is(
    refused(() => oneOf(['tiny', 'full'])('ful', '--size')),
    "--size ful: expected one of tiny, full (did you mean 'full'?)",
  );
});

test('pairs: repeated, in one list, or an object', () => {
  const sizes = pairs(whole(0, 99, '1'));
  assert.equal(sizes('a=1', '--dim'), { a: 1 });
  assert.equal(sizes(['a=1', 'b[0]=2,c=3'], '--dim'), { a: 1, 'b[0]': 2, c: 3 });
  assert.equal(sizes({ a: 1 }, '--dim'), { a: 1 });
  assert.equal(pairs(text)('a=b=c', '--x'), { a: 'b=c' });
  assert.equal(Object.keys(pairs(text)(['__proto__=1'], '--x')), ['__proto__']);
  for (const bad of ['', 'a', '=1', 'a=x']) refused(() => sizes(bad, '--dim'));
});

test('true and false', () => {
  assert.is(yes(true, '--x'), true);
  refused(() => yes('true', '--x'));
});

test.run();
