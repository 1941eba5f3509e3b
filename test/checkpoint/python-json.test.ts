import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePythonJson } from '../../src/checkpoint/python-json.js';

test('the words that Python writes for numbers', () => {
  assert.equal(parsePythonJson('{"a": [0.0, Infinity], "b": -Infinity, "c": 1e5}'), {
    a: [0, Number.POSITIVE_INFINITY],
    b: Number.NEGATIVE_INFINITY,
    c: 1e5,
  });
  assert.ok(Number.isNaN((parsePythonJson('{"n": NaN}') as { n: number }).n));
});

test('strings and keys that hold the words stay', () => {
  const text = '{"Infinity": "NaN, -Infinity", "escaped \\" NaN": ["\\\\", Infinity]}';
  assert.equal(parsePythonJson(text), {
    Infinity: 'NaN, -Infinity',
    'escaped " NaN': ['\\', Number.POSITIVE_INFINITY],
  });
});

test('what is no JSON beyond them is refused', () => {
  for (const text of ['', '{"a": Infinit}', '{"a": +Infinity}', '{"a": NaNs}', '{"a": --Infinity}', "{'a': Infinity}"])
    assert.throws(
      () => parsePythonJson(text),
      (error: Error) => error instanceof SyntaxError,
      text,
    );
});

test.run();
