// Hostile and mistaken files, options and texts: one line that says what, where and how to mend it.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Tokenizer } from '../../src/preprocess/tokenizer.js';
import { UsageError } from '../../src/util/error.js';
import { fixtureJson, type TokenizerJson } from '../support/rust-tokenizer.js';

async function assertRefused(source: string | object, expected: RegExp): Promise<void> {
  try {
    await Tokenizer.open(source);
  } catch (error) {
    assert.instance(error, UsageError, (error as Error).stack);
    assert.match((error as Error).message, expected);
    assert.not.match((error as Error).message, /\n/);
    return;
  }
  assert.unreachable(`expected an error like ${expected}`);
}

const folder = mkdtempSync(join(tmpdir(), 'hfbench-tokenizer-'));
test.after(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a file that cannot be read, is too large or is not JSON', async () => {
  await assertRefused(join(folder, 'absent.json'), /absent\.json: cannot be read \(ENOENT\)/);
  await assertRefused(folder, /tokenizer\.json: cannot be read/);
  const large = file('large.json', '{}');
  truncateSync(large, 100_000_000);
  await assertRefused(large, /100000000 bytes are more than/);
  await assertRefused(file('half.json', '{"model": {'), /half\.json: not JSON/);
  await assertRefused(file('array.json', '[1]'), /expected an object/);
  await assertRefused(file('deep.json', `${'['.repeat(1e6)}${']'.repeat(1e6)}`), /expected an object/);
});

const bert = (change: TokenizerJson) => ({ ...fixtureJson('bert'), ...change });
const model = (change: TokenizerJson, name: 'bert' | 'gpt2' | 'xlm-roberta' = 'gpt2') => ({
  ...fixtureJson(name),
  model: { ...fixtureJson(name).model, ...change },
});
let nested: object = { type: 'NFC' };
for (let i = 0; i < 10_000; i++) nested = { type: 'Sequence', normalizers: [nested] };
const cycle: { type: string; normalizers: object[] } = { type: 'Sequence', normalizers: [] };
cycle.normalizers.push(cycle);

const REFUSED: Record<string, [() => object, RegExp]> = {
  'no model': [() => bert({ model: undefined }), /^tokenizer: model: expected an object$/],
  'another version': [() => bert({ version: '2.0' }), /version: expected '1\.0'/],
  'an unknown model': [() => model({ type: 'Lattice' }), /model\.type: expected one of/],
  'an id that two tokens have': [
    () => model({ vocab: { a: 1, b: 1 }, merges: [] }),
    /model\.vocab: id 1 belongs to both "a" and "b"/,
  ],
  'an id that is none': [() => model({ vocab: { a: -1 }, merges: [] }), /token "a": expected/],
  'an id beyond 32 bits': [() => model({ vocab: { a: 2 ** 31 }, merges: [] }), /token "a": expected/],
  'half a surrogate pair': [() => model({ vocab: { '\ud800': 0 }, merges: [] }), /expected well-formed text/],
  'a merge of a token that is absent': [
    () => model({ vocab: { a: 0, b: 1 }, merges: [['a', 'b']] }),
    /merges\[0\]: merge names "ab"/,
  ],
  'a merge of three': [() => model({ vocab: { a: 0 }, merges: ['a a a'] }), /merges\[0\]: expected two tokens/],
  'a merge that is a number': [() => model({ vocab: { a: 0 }, merges: [3] }), /merges\[0\]: expected two tokens/],
  'random merges': [() => model({ dropout: 0.1 }), /dropout: random merges/],
  'a score that is text': [
    () => model({ vocab: [['a', 'x']] }, 'xlm-roberta'),
    /vocab\[0\]: expected \[token, score\]/,
  ],
  'an unk_id outside the vocabulary': [
    () => model({ unk_id: 99_999 }, 'xlm-roberta'),
    /unk_id: expected a whole number from 0 to/,
  ],
  'a vocabulary that is a number': [() => model({ vocab: 5 }), /model\.vocab: expected an object/],
  'more entries than allowed': [
    () => model({ vocab: new Array(5_000_000) }, 'xlm-roberta'),
    /5000000 entries are more than/,
  ],
  'sequences in sequences': [() => bert({ normalizer: nested }), /nested more than 16 levels/],
  'a sequence inside itself': [() => bert({ normalizer: cycle }), /nested more than 16 levels/],
  'a flag that is text': [
    () => bert({ normalizer: { type: 'Strip', strip_left: 'yes', strip_right: true } }),
    /strip_left: expected true or false/,
  ],
  'a charsmap that is not base64': [
    () => bert({ normalizer: { type: 'Precompiled', precompiled_charsmap: '***' } }),
    /not base64/,
  ],
  'a charsmap that lies about its length': [
    () => bert({ normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } }),
    /the trie does not fit/,
  ],
  'a normalizer that adds a long text': [
    () => bert({ normalizer: { type: 'Replace', pattern: { String: 'a' }, content: 'a'.repeat(65) } }),
    /normalizer\.content: 65 characters are more than/,
  ],
  'a replacement of two characters': [
    () => bert({ pre_tokenizer: { type: 'Metaspace', replacement: '__' } }),
    /replacement: expected one character/,
  ],
  'a contradiction about the prefix': [
    () =>
      bert({
        pre_tokenizer: { type: 'Metaspace', replacement: '_', add_prefix_space: false, prepend_scheme: 'first' },
      }),
    /add_prefix_space does not match prepend_scheme/,
  ],
  'bytes for a model of words': [
    () => bert({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false } }),
    /need a BPE model/,
  ],
  'a template of an unknown token': [
    () =>
      bert({
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: '[X]', type_id: 0 } }],
          pair: [],
          special_tokens: {},
        },
      }),
    /single\[0\]\.SpecialToken: '\[X\]' is not among special_tokens/,
  ],
  'a single template with a second text': [
    () =>
      bert({
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ Sequence: { id: 'B', type_id: 0 } }],
          pair: [],
          special_tokens: {},
        },
      }),
    /names a second one/,
  ],
  'an unknown post-processor': [() => bert({ post_processor: { type: 'Magic' } }), /unknown post-processor 'Magic'/],
  'two processors that add tokens': [
    () =>
      bert({
        post_processor: {
          type: 'Sequence',
          processors: [fixtureJson('bert').post_processor, fixtureJson('bert').post_processor],
        },
      }),
    /more than one of the processors adds tokens/,
  ],
  'an added token without text': [
    () => bert({ added_tokens: [{ id: 3 }] }),
    /added_tokens\[0\]\.content: expected a string/,
  ],
  'added tokens that the normalizer makes equal': [
    () =>
      bert({
        added_tokens: [
          { content: 'AbC', normalized: true },
          { content: 'aBc', normalized: true },
        ],
      }),
    /two added tokens are the same once they are normalized: 'abc'/,
  ],
  'a padding length beyond sense': [
    () => bert({ padding: { strategy: { Fixed: 1e12 }, direction: 'Right', pad_id: 0, pad_type_id: 0 } }),
    /Fixed: expected a whole number/,
  ],
};
for (const [name, [json, expected]] of Object.entries(REFUSED)) {
  test(`a tokenizer.json with ${name}`, () => assertRefused(json(), expected));
}

test("keys such as '__proto__' are tokens like any other", async () => {
  const json = model({ vocab: JSON.parse('{"__proto__": 0, "constructor": 1, "a": 2}'), merges: [] });
  assert.equal([...(await Tokenizer.open(json)).ids(['a']).ids], [2]);
});

function assertFails(run: () => unknown, expected: RegExp): void {
  assert.throws(
    run,
    (error: Error) => error instanceof UsageError && expected.test(error.message) && !error.message.includes('\n'),
  );
}

test('texts and options that do not fit', async () => {
  const tokenizer = await Tokenizer.open(fixtureJson('bert'));
  assertFails(() => tokenizer.encode('text' as never), /^texts: expected an array/);
  assertFails(() => tokenizer.encode(['a', 5 as never]), /^texts\[1\]: expected a string/);
  assertFails(() => tokenizer.encode(['a'], { pairs: [] }), /^pairs has 0 texts, expected 1/);
  assertFails(() => tokenizer.encode(['a'], { pairs: [null as never] }), /^pairs\[0\]: expected a string/);
  assertFails(
    () => tokenizer.encode(['a a a'], { padding: { length: 4 } }),
    /^padding\.length 4: a row has 5 tokens; set truncation\.maxLength/,
  );
  assertFails(() => tokenizer.encode(['a'], { padding: { multipleOf: 0 } }), /^padding\.multipleOf 0: expected/);
  assertFails(
    () => tokenizer.encode(['a'], { padding: { length: 2 ** 40 } }),
    /^padding\.length 1099511627776: expected/,
  );
  assertFails(
    () => tokenizer.encode(new Array(100).fill('a'), { padding: { length: 2 ** 24 } }),
    /too many for one batch/,
  );
  assertFails(
    () => tokenizer.encode(['a'], { truncation: { maxLength: 1 } }),
    /^text 0: the special tokens alone are longer/,
  );
  assertFails(
    () => tokenizer.encode(['a'], { truncation: { maxLength: 5, side: 'middle' as never } }),
    /^truncation\.side 'middle': expected one of/,
  );
  assertFails(
    () => tokenizer.encode(['a a'], { truncation: { maxLength: 3, strategy: 'only_second' } }),
    /no second text/,
  );
});

test('a text that the vocabulary has no answer for is named', async () => {
  const json = model({ unk_token: '[NONE]' }, 'bert');
  const tokenizer = await Tokenizer.open(json);
  assert.is(tokenizer.ids(['the']).ids.length, 3);
  assertFails(() => tokenizer.ids(['the', '\u{1f000}']), /^text 1: a word is not in the vocabulary/);
  assert.equal(tokenizer.encode(['the']).tensors.input_ids!.shape, [1, 3]);
});

test('steps that blow a text up are stopped', async () => {
  const grow = { type: 'Replace', pattern: { String: 'a' }, content: 'a'.repeat(60) };
  const normalizer = { type: 'Sequence', normalizers: new Array(16).fill(grow) };
  const doubling = new Array(40).fill({
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: false,
  });
  const text = 'a\u00e9'.repeat(1000);
  for (const change of [{ normalizer }, { pre_tokenizer: { type: 'Sequence', pretokenizers: doubling } }]) {
    const tokenizer = await Tokenizer.open({ ...fixtureJson('gpt2'), ...change });
    assertFails(() => tokenizer.ids([text]), /^text 0: the text grows more than 64 times/);
  }
});

test.run();
