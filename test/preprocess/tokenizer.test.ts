// Token ids against Rust tokenizers, for the families of real checkpoints.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Tokenizer, tokenTensors } from '../../src/preprocess/tokenizer.js';
import { assertLikeRust, type FixtureName, fixtureJson } from '../support/rust-tokenizer.js';
import { HARD_TEXTS, randomTexts } from '../support/texts.js';

const FAMILIES: FixtureName[] = ['bert', 'gpt2', 'llama3', 'qwen2', 'clip', 'llama2', 'xlm-roberta'];
const RANDOM_TEXTS = 100_000;

for (const [i, name] of FAMILIES.entries()) {
  test(`${name}: ids equal Rust's on hard texts and ${RANDOM_TEXTS} random ones`, async () => {
    await assertLikeRust(fixtureJson(name), [...HARD_TEXTS, ...randomTexts(RANDOM_TEXTS, i)]);
  });

  test(`${name}: the same a second time, from the cache, and for pairs without special tokens`, async () => {
    const texts = [...HARD_TEXTS, ...randomTexts(2000, 50 + i)];
    const tokenizer = await assertLikeRust(fixtureJson(name), texts, { pairs: texts.toReversed(), specialTokens: false });
    assert.equal(tokenizer.ids(texts), tokenizer.ids(texts));
  });
}

test('encode lays ids, masks and types out as int64 rows', async () => {
  const tokenizer = await Tokenizer.open('test/fixtures/tokenizers/bert.json');
  const batch = tokenizer.encode(['the the', 'the'], { pairs: ['the', 'the'] });
  const the = BigInt(fixtureJson('bert').model.vocab.the);
  assert.is(batch.rows, 2);
  assert.is(batch.length, 6);
  assert.equal([...batch.inputIds], [2n, the, the, 3n, the, 3n, 2n, the, 3n, the, 3n, 0n]);
  assert.equal([...batch.attentionMask], [1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 0n]);
  assert.equal([...batch.tokenTypeIds], [0n, 0n, 0n, 0n, 1n, 1n, 0n, 0n, 0n, 1n, 1n, 0n]);
  const tensors = tokenTensors(batch);
  assert.equal(tensors.attention_mask.shape, [2, 6]);
  assert.is(tensors.attention_mask.data.length, 96);
});

test('encode takes the memory of an earlier batch where it is large enough', async () => {
  const tokenizer = await Tokenizer.open(fixtureJson('bert'));
  const large = tokenizer.encode(['one two three', 'four']);
  const small = tokenizer.encode(['one'], { reuse: large });
  assert.is(small.inputIds.buffer, large.inputIds.buffer);
  assert.equal([...small.inputIds], [...tokenizer.encode(['one']).inputIds]);
  assert.is.not(tokenizer.encode(['five '.repeat(50)], { reuse: small }).inputIds.buffer, small.inputIds.buffer);
});

test('no texts give an empty batch', async () => {
  const tokenizer = await Tokenizer.open(fixtureJson('gpt2'));
  assert.is(tokenizer.encode([]).inputIds.length, 0);
  assert.is(tokenizer.ids([]).ids.length, 0);
});

test.run();
