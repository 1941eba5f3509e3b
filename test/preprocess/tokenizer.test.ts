// Token ids against Rust tokenizers, for the families of real checkpoints.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { preprocess } from '../../src/index.js';
import { Tokenizer } from '../../src/preprocess/tokenizer.js';
import { assertLikeRust, type FixtureName, fixtureJson, tokenRows } from '../support/rust-tokenizer.js';
import { HARD_TEXTS, randomTexts } from '../support/texts.js';

const FAMILIES: FixtureName[] = ['bert', 'gpt2', 'llama3', 'qwen2', 'clip', 'llama2', 'xlm-roberta'];
const RANDOM_TEXTS = 100_000;

for (const [i, name] of FAMILIES.entries()) {
  test(`${name}: ids equal Rust's on hard texts and ${RANDOM_TEXTS} random ones`, async () => {
    await assertLikeRust(fixtureJson(name), [...HARD_TEXTS, ...randomTexts(RANDOM_TEXTS, i)]);
  });

  test(`${name}: the same a second time, from the cache, and for pairs without special tokens`, async () => {
    const texts = [...HARD_TEXTS, ...randomTexts(2000, 50 + i)];
    const tokenizer = await assertLikeRust(fixtureJson(name), texts, {
      pairs: texts.toReversed(),
      specialTokens: false,
    });
    assert.equal(tokenizer.ids(texts), tokenizer.ids(texts));
  });
}

test('encode lays ids, masks and types out as int64 rows', async () => {
  const tokenizer = await preprocess.tokenizer('test/fixtures/tokenizers/bert.json');
  const batch = tokenizer.encode(['the the', 'the'], { pairs: ['the', 'the'] });
  const the = fixtureJson('bert').model.vocab.the;
  for (const tensor of Object.values(batch.tensors)) {
    assert.is(tensor.dtype, 'int64');
    assert.equal(tensor.shape, [2, 6]);
  }
  assert.equal(tokenRows(batch), [
    { ids: [2, the, the, 3, the, 3], mask: [1, 1, 1, 1, 1, 1], types: [0, 0, 0, 0, 1, 1] },
    { ids: [2, the, 3, the, 3, 0], mask: [1, 1, 1, 1, 1, 0], types: [0, 0, 0, 1, 1, 0] },
  ]);
});

test('a released batch lends its memory to the next one of its size', async () => {
  const tokenizer = await Tokenizer.open(fixtureJson('bert'));
  const first = tokenizer.encode(['one two three'], { padding: { length: 31 } });
  const buffers = Object.values(first.tensors).map(({ data }) => data.buffer);
  first.release();
  const second = tokenizer.encode(['one'], { padding: { length: 31 } });
  for (const { data } of Object.values(second.tensors)) assert.ok(buffers.includes(data.buffer));
  assert.equal(tokenRows(second)[0]!.mask, [1, 1, 1, ...new Array(28).fill(0)]);
});

test('no texts give an empty batch', async () => {
  const tokenizer = await Tokenizer.open(fixtureJson('gpt2'));
  assert.equal(tokenizer.encode([]).tensors.input_ids!.shape, [0, 0]);
  assert.is(tokenizer.ids([]).ids.length, 0);
});

test.run();
