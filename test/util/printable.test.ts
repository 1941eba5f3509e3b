import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../src/util/printable.js';

test('nothing can steer the terminal or reorder the line', () => {
  assert.is(printable('a\u001b[2Jb\u0007c\u009bd'), 'a?[2Jb?c?d');
  assert.is(printable('abc\u202ecba\u2066x'), 'abc?cba?x');
});

test('line breaks become spaces, letters of all languages stay', () => {
  assert.is(printable('one \r\n\n two'), 'one two');
  assert.is(printable('模型 é ± µs'), '模型 é ± µs');
});

test.run();
