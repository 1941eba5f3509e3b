// What the addon does not do goes to the package @huggingface/tokenizers, and the tokenizer says so.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Tokenizer } from '../../src/preprocess/tokenizer.js';
import { UsageError } from '../../src/util/error.js';
import { fixtureJson, tokenRows } from '../support/rust-tokenizer.js';

const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });

test('an expression that is not written out goes to JavaScript; rows are laid out the same way', async () => {
  const native = await Tokenizer.open({ ...fixtureJson('bert'), pre_tokenizer: { type: 'WhitespaceSplit' } });
  const json = {
    ...fixtureJson('bert'),
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split('[a-z]+!'), { type: 'WhitespaceSplit' }] },
  };
  const tokenizer = await Tokenizer.open(json);
  assert.is(native.engine, 'native');
  assert.is(native.reason, undefined);
  assert.is(tokenizer.engine, 'javascript');
  assert.is(tokenizer.reason, 'pre_tokenizer.pretokenizers[0]: regular expression "[a-z]+!"');
  const texts = ['Hello world, this is it', '', 'One more'];
  const options = { pairs: ['a', 'b c', ''], truncation: { maxLength: 9 } };
  const rows = tokenRows(tokenizer.encode(texts, options));
  assert.is(rows[0]!.ids.length, 9);
  assert.equal(rows, tokenRows(native.encode(texts, options)));
  assert.equal(tokenizer.ids(texts, options), native.ids(texts, options));
});

const UNSUPPORTED: Record<string, [object, RegExp]> = {
  'a replaced expression': [
    { normalizer: { type: 'Replace', pattern: { Regex: 'a+' }, content: 'a' } },
    /^normalizer: regular expression "a\+"$/,
  ],
  'an unknown normalizer key': [{ normalizer: { type: 'NFC', strict: true } }, /^normalizer: unknown key 'strict'$/],
};
for (const [name, [change, reason]] of Object.entries(UNSUPPORTED)) {
  test(`goes to JavaScript: ${name}`, async () => {
    const tokenizer = await Tokenizer.open({ ...fixtureJson('bert'), ...change });
    assert.is(tokenizer.engine, 'javascript');
    assert.match(tokenizer.reason!, reason);
    assert.is(tokenizer.ids(['the']).ids.length, 3);
  });
}

test('what neither can do is refused in one line', async () => {
  try {
    await Tokenizer.open({ ...fixtureJson('bert'), pre_tokenizer: { type: 'UnicodeScripts' } });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UsageError, String(error));
    assert.match((error as Error).message, /^tokenizer: pre_tokenizer UnicodeScripts is more than hfbench can do/);
    assert.not.match((error as Error).message, /\n/);
  }
});

test.run();
