// Made tokenizers do what Rust makes of the same file, and give no id that the model lacks.

import { Tokenizer as Rust } from 'tokenizers';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TEXT_KINDS } from '../../models/preprocess.js';
import { madeTexts } from '../../src/preprocess/made/text.js';
import { madeTokenizer } from '../../src/preprocess/made/tokenizer.js';
import { tokenizer } from '../../src/preprocess/tokenizer.js';

const TEXTS = [...madeTexts(20, 40), "Ünïcode 東京 😀 don't 12345", ' two  spaces ', 'a'.repeat(150)];

for (const kind of TEXT_KINDS.slice(0, 5)) {
  for (const vocabulary of [99, 1200, 50_257]) {
    test(`${kind}, a model of ${vocabulary} ids`, async () => {
      const json = madeTokenizer(kind, vocabulary)!;
      const ours = await tokenizer(json);
      assert.is(ours.engine, 'native');
      const { ids, lengths } = ours.ids(TEXTS);
      assert.ok(ids.every((id) => id < vocabulary));
      assert.ok(lengths.every((length) => length > 0));
      const rust = await Rust.fromString(JSON.stringify(json)).encodeBatch(TEXTS);
      assert.equal(
        [...ids],
        rust.flatMap((encoding) => [...encoding.getIds()]),
      );
      assert.equal(madeTokenizer(kind, vocabulary), json, 'the same every time');
    });
  }
}

test('common words are tokens of their own', async () => {
  const words = 'people know the world';
  for (const [kind, tokens] of [
    ['WordPiece', 6],
    // The first word has no space before it, with which the list knows it.
    ['byte-level BPE', 6],
    ['CLIP BPE', 6],
    ['SentencePiece BPE', 5],
    ['SentencePiece unigram', 5],
  ] as const) {
    const { ids } = (await tokenizer(madeTokenizer(kind, 30_000)!)).ids([words]);
    assert.ok(ids.length <= tokens, `${kind}: ${ids.length} tokens`);
  }
});

test('kinds without a rule have none', () => {
  for (const kind of TEXT_KINDS.slice(5)) assert.is(madeTokenizer(kind, 1000), null);
});

test('made texts have as many words as were asked for, and are the same every time', () => {
  const texts = madeTexts(3, 100);
  assert.is(texts.length, 3);
  assert.is(new Set(texts).size, 3);
  for (const text of texts) assert.ok(text.split(' ').length >= 100);
  assert.equal(madeTexts(3, 100), texts);
});

test.run();
