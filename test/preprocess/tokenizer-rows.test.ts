// Templates, truncation and padding against Rust tokenizers.

import { Tokenizer as RustTokenizer } from 'tokenizers';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BatchOptions, Tokenizer } from '../../src/preprocess/tokenizer.js';
import { encodeInRust, fixtureJson, type TokenizerJson, tokenRows } from '../support/rust-tokenizer.js';
import { HARD_TEXTS, randomNumbers, randomTexts } from '../support/texts.js';

const TEXTS = [...HARD_TEXTS.filter((text) => text.length < 400), ...randomTexts(60, 3)];
const PAIRS = TEXTS.toReversed();

/** Compares ids, masks and types of a whole padded batch, with what the file itself says of truncation and padding. */
async function checkBatch(json: TokenizerJson, withPairs: boolean, options: BatchOptions = {}): Promise<void> {
  const pairs = withPairs ? PAIRS : undefined;
  const rust = RustTokenizer.fromString(JSON.stringify({ ...json, padding: null }));
  const encodings = await encodeInRust(rust, TEXTS, pairs, options.specialTokens);
  const { strategy, direction, pad_to_multiple_of, pad_id, pad_type_id } = json.padding;
  const multiple = pad_to_multiple_of ?? 1;
  const wanted: number = strategy.Fixed ?? Math.max(...encodings.map((encoding) => encoding.getLength()));
  const padded = { direction: direction.toLowerCase(), padId: pad_id, padTypeId: pad_type_id };
  for (const encoding of encodings) encoding.pad(Math.ceil(wanted / multiple) * multiple, padded);
  const tokenizer = await Tokenizer.open(json);
  const rows = tokenRows(tokenizer.encode(TEXTS, pairs ? { ...options, pairs } : options));
  assert.is(rows.length, encodings.length);
  encodings.forEach((encoding, i) => {
    const theirs = { ids: encoding.getIds(), mask: encoding.getAttentionMask(), types: encoding.getTypeIds() };
    assert.equal(rows[i], theirs, JSON.stringify([TEXTS[i], pairs?.[i]]));
  });
}

const truncation = (max_length: number, strategy = 'LongestFirst', direction = 'Right') => ({
  max_length,
  strategy,
  direction,
  stride: 0,
});
const padding = (
  strategy: unknown = 'BatchLongest',
  direction = 'Right',
  pad_to_multiple_of: number | null = null,
) => ({ strategy, direction, pad_to_multiple_of, pad_id: 7, pad_type_id: 5, pad_token: 'x' });

for (const direction of ['Left', 'Right']) {
  for (const length of [4, 5, 8, 13, 14, 40]) {
    for (const family of ['bert', 'xlm-roberta', 'llama2', 'gpt2', 'llama3'] as const) {
      test(`${family}: truncation to ${length} on the ${direction}`, async () => {
        const json = {
          ...fixtureJson(family),
          truncation: truncation(length, 'LongestFirst', direction),
          padding: padding('BatchLongest', direction),
        };
        await checkBatch(json, false);
        await checkBatch(json, true);
        await checkBatch(json, true, { specialTokens: false });
      });
    }
  }
  for (const strategy of ['BatchLongest', { Fixed: 450 }]) {
    for (const multiple of [null, 1, 64]) {
      test(`padding ${JSON.stringify(strategy)} on the ${direction} to a multiple of ${multiple}`, async () => {
        const json = { ...fixtureJson('bert'), padding: padding(strategy, direction, multiple) };
        await checkBatch(json, false);
        await checkBatch(json, true);
      });
    }
  }
}

const special = (...names: string[]) =>
  Object.fromEntries(names.map((id, i) => [id, { id, ids: [i + 2, i + 9], tokens: [id, id] }]));
const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
const mark = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
const PROCESSORS: Record<string, object | null> = {
  none: null,
  ByteLevel: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  BertProcessing: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
  RobertaProcessing: {
    type: 'RobertaProcessing',
    sep: ['</s>', 3],
    cls: ['<s>', 2],
    trim_offsets: true,
    add_prefix_space: true,
  },
  'a template with several ids and the texts swapped': {
    type: 'TemplateProcessing',
    single: [text('A', 4), mark('x', 6)],
    pair: [mark('y', 1), text('B', 3), mark('x', 2), text('A', 0), mark('x', 0)],
    special_tokens: special('x', 'y'),
  },
  'a sequence': {
    type: 'Sequence',
    processors: [
      { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      { type: 'RobertaProcessing', sep: ['</s>', 3], cls: ['<s>', 2], trim_offsets: true, add_prefix_space: true },
    ],
  },
};
for (const [name, post_processor] of Object.entries(PROCESSORS)) {
  test(`post-processor: ${name}`, async () => {
    for (const specialTokens of [true, false]) {
      const json = { ...fixtureJson('bert'), post_processor, padding: padding(), truncation: truncation(20) };
      await checkBatch(json, false, { specialTokens });
      await checkBatch(json, true, { specialTokens });
    }
  });
}

test('only_first and only_second cut one text, or say that it is too short', async () => {
  const below = randomNumbers(11);
  const words = (count: number) =>
    Array.from({ length: count }, () => ['the', 'value', 'is', 'object'][below(4)]).join(' ');
  for (let i = 0; i < 200; i++) {
    const [first, second, max_length] = [words(below(12)), words(below(12)), 3 + below(14)];
    const strategy = ['OnlyFirst', 'OnlySecond'][below(2)]!;
    const json = { ...fixtureJson('bert'), truncation: truncation(max_length, strategy, ['Left', 'Right'][below(2)]) };
    const pair = below(2) === 0;
    const tokenizer = await Tokenizer.open(json);
    const ours = () => [...tokenizer.ids([first], pair ? { pairs: [second] } : {}).ids];
    let theirs: number[];
    try {
      theirs = (await RustTokenizer.fromString(JSON.stringify(json)).encode(first, pair ? second : null)).getIds();
    } catch {
      assert.throws(ours, /^text 0: .*(too short|no second text)/);
      continue;
    }
    assert.equal(ours(), theirs);
  }
});

test("the caller's truncation and padding win over the file's", async () => {
  const json: TokenizerJson = {
    ...fixtureJson('bert'),
    truncation: truncation(4),
    padding: padding({ Fixed: 8 }, 'Left'),
  };
  const tokenizer = await Tokenizer.open(json);
  const batch = tokenizer.encode(['the the the the'], {
    truncation: { maxLength: 5, side: 'left' },
    padding: { length: 7, side: 'right', id: 1, typeId: 2 },
  });
  const { the } = json.model.vocab;
  assert.equal(tokenRows(batch), [
    { ids: [2, the, the, the, 3, 1, 1], mask: [1, 1, 1, 1, 1, 0, 0], types: [0, 0, 0, 0, 0, 2, 2] },
  ]);
  assert.equal(tokenizer.encode(['the the the the'], { truncation: null }).tensors.input_ids!.shape, [1, 8]);
});

test.run();
