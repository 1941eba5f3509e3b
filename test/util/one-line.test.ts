import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { oneLine } from '../../src/util/one-line.js';

test('nothing can steer the terminal or reorder the line', () => {
  assert.is(oneLine('a\u001b[2Jb\u0007c\u0085d'), 'ab c d');
  assert.is(oneLine('abc\u202ecba\u2066x'), 'abc cba x');
  assert.is(oneLine('\u001b]8;;http://example.org\u0007link\u001b]8;;\u0007'), 'link');
  for (let code = 0; code < 0x2100; code += 1)
    assert.not.match(oneLine(`a${String.fromCharCode(code)}b`), /[\p{Cc}\p{Cf}]/u);
});

test('white space becomes one space, letters of all languages stay', () => {
  assert.is(oneLine(' one \r\n\n\t two '), 'one two');
  assert.is(oneLine('模型 é ± µs'), '模型 é ± µs');
});

test('long text is cut in the middle', () => {
  const text = oneLine(`begin ${'x'.repeat(1000)} end`, 50);
  assert.is(text.length, 49);
  assert.match(text, /^begin x+ \.\.\. x+ end$/);
});

test.run();
