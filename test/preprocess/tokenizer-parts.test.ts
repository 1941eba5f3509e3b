// Each normalizer, pre-tokenizer, model option and added-token flag against Rust tokenizers.

import { test } from 'uvu';
import { PATTERNS } from '../../src/preprocess/tokenizer/pattern.js';
import { assertLikeRust, fixtureJson, type TokenizerJson } from '../support/rust-tokenizer.js';
import { HARD_TEXTS, randomTexts } from '../support/texts.js';

const TEXTS = [...HARD_TEXTS, ...randomTexts(1500, 7)];
const only = (type: string, fields: object = {}) => ({ type, ...fields });
const replace = (pattern: object, content: string) => only('Replace', { pattern, content });
const sequence = (...normalizers: object[]) => only('Sequence', { normalizers });
const chain = (...pretokenizers: object[]) => only('Sequence', { pretokenizers });

/** Llama 2's model tells every character apart: unknown ones become their bytes. */
function plain(change: TokenizerJson): TokenizerJson {
  return { ...fixtureJson('llama2'), normalizer: null, pre_tokenizer: null, post_processor: null, ...change };
}

function check(name: string, json: () => TokenizerJson): void {
  test(name, async () => void (await assertLikeRust(json(), TEXTS)));
}

const charsmap = () => fixtureJson('xlm-roberta').normalizer.normalizers[0];
const NORMALIZERS: Record<string, () => object> = {
  NFC: () => only('NFC'),
  NFD: () => only('NFD'),
  NFKC: () => only('NFKC'),
  NFKD: () => only('NFKD'),
  Lowercase: () => only('Lowercase'),
  StripAccents: () => only('StripAccents'),
  'NFD, StripAccents, Lowercase': () => sequence(only('NFD'), only('StripAccents'), only('Lowercase')),
  'Strip both': () => only('Strip', { strip_left: true, strip_right: true }),
  'Strip left': () => only('Strip', { strip_left: true, strip_right: false }),
  'Strip right': () => only('Strip', { strip_left: false, strip_right: true }),
  Nmt: () => only('Nmt'),
  ByteLevel: () => only('ByteLevel'),
  Precompiled: charsmap,
  'Nmt, NFKC, Precompiled': () => sequence(only('Nmt'), only('NFKC'), charsmap()),
  Prepend: () => only('Prepend', { prepend: '▁x' }),
  'Replace a string': () =>
    sequence(replace({ String: '``' }, '"'), replace({ String: 'e' }, ''), replace({ String: 'a' }, 'bab')),
  'Replace runs': () => sequence(replace({ Regex: ' {2,}' }, '▁'), replace({ Regex: '\\s+' }, ' ')),
  'Bert, cased': () =>
    only('BertNormalizer', { clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: false }),
  'Bert, accents kept': () =>
    only('BertNormalizer', { clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: true }),
  'Bert, accents alone': () =>
    only('BertNormalizer', { clean_text: false, handle_chinese_chars: true, strip_accents: true, lowercase: false }),
};
for (const [name, normalizer] of Object.entries(NORMALIZERS)) {
  check(`normalizer ${name}`, () => plain({ normalizer: normalizer() }));
  // Scheme 'first' asks whether a piece begins where the original text begins, whatever the normalizer did.
  check(`normalizer ${name}, Metaspace for the first piece`, () =>
    plain({ normalizer: normalizer(), pre_tokenizer: metaspace('first', true) }),
  );
}

const metaspace = (prepend_scheme: string, split: boolean) =>
  only('Metaspace', { replacement: '▁', prepend_scheme, split });
const BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const byteLevel = (add_prefix_space: boolean, use_regex: boolean) =>
  only('ByteLevel', { add_prefix_space, trim_offsets: true, use_regex });
const PRETOKENIZERS: Record<string, object> = {
  BertPreTokenizer: only('BertPreTokenizer'),
  Whitespace: only('Whitespace'),
  WhitespaceSplit: only('WhitespaceSplit'),
  'Digits one by one': only('Digits', { individual_digits: true }),
  'Digits together': only('Digits', { individual_digits: false }),
  CharDelimiterSplit: only('CharDelimiterSplit', { delimiter: 'e' }),
  FixedLength: only('FixedLength', { length: 3 }),
  ...Object.fromEntries(
    ['always', 'first', 'never'].flatMap((scheme) =>
      [true, false].map((split) => [`Metaspace ${scheme} ${split}`, metaspace(scheme, split)]),
    ),
  ),
  'Metaspace first, after a cut': chain(only('WhitespaceSplit'), metaspace('first', true)),
  'Metaspace first, after digits': chain(only('Digits', { individual_digits: true }), metaspace('first', false)),
  ...Object.fromEntries(BEHAVIORS.map((behavior) => [`Punctuation ${behavior}`, only('Punctuation', { behavior })])),
  ...Object.fromEntries(
    BEHAVIORS.flatMap((behavior) =>
      [false, true].map((invert) => [
        `Split at 'e' ${behavior} ${invert}`,
        only('Split', { pattern: { String: 'e' }, behavior, invert }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.keys(PATTERNS).flatMap((pattern) =>
      [false, true].map((invert) => [
        `Split ${pattern} ${invert}`,
        only('Split', { pattern: { Regex: pattern }, behavior: invert ? 'Removed' : 'Isolated', invert }),
      ]),
    ),
  ),
};
for (const [name, pre_tokenizer] of Object.entries(PRETOKENIZERS)) {
  check(`pre-tokenizer ${name}`, () => plain({ pre_tokenizer }));
  check(`pre-tokenizer ${name}, then bytes`, () => ({
    ...fixtureJson('gpt2'),
    pre_tokenizer: chain(pre_tokenizer, byteLevel(false, false)),
  }));
}
check('ByteLevel with a prefix space', () => ({ ...fixtureJson('gpt2'), pre_tokenizer: byteLevel(true, true) }));
check('ByteLevel that is not the last, as in Falcon', () => ({
  ...fixtureJson('gpt2'),
  pre_tokenizer: chain(
    only('Punctuation', { behavior: 'Contiguous' }),
    byteLevel(false, true),
    only('Digits', { individual_digits: false }),
    only('Split', { pattern: { Regex: '[0-9][0-9][0-9]' }, behavior: 'Isolated', invert: false }),
  ),
}));
check('three Splits, as in DeepSeek V3', () => ({
  ...fixtureJson('gpt2'),
  pre_tokenizer: chain(
    ...[9, 8, 7].map((number) => {
      const pattern = Object.keys(PATTERNS).find((key) => PATTERNS[key] === number)!;
      return only('Split', { pattern: { Regex: pattern }, behavior: 'Isolated', invert: false });
    }),
    byteLevel(false, false),
  ),
}));

function changedModel(
  name: Parameters<typeof fixtureJson>[0],
  change: TokenizerJson,
  rest: TokenizerJson = {},
): TokenizerJson {
  const json = fixtureJson(name);
  return { ...json, ...rest, model: { ...json.model, ...change } };
}
function without(name: Parameters<typeof fixtureJson>[0], tokens: RegExp, change: TokenizerJson = {}): TokenizerJson {
  const json = changedModel(name, change);
  json.model.vocab = Object.fromEntries(Object.entries(json.model.vocab).filter(([token]) => !tokens.test(token)));
  if (json.model.merges)
    json.model.merges = json.model.merges.filter(
      (pair: string[]) => !tokens.test(pair.join('')) && !pair.some((part) => tokens.test(part)),
    );
  return json;
}
check('BPE: unknown tokens fused', () => changedModel('llama2', { byte_fallback: false, fuse_unk: true }));
check('BPE: unknown tokens one by one', () => changedModel('llama2', { byte_fallback: false, fuse_unk: false }));
check('BPE: no unknown token', () => changedModel('llama2', { byte_fallback: false, unk_token: null }));
check('BPE: bytes that are not all there', () => without('llama2', /^<0x(E4|F0|C3)>$/));
check('BPE: words that are tokens are not merged', () => changedModel('llama2', { ignore_merges: true }));
check('BPE: bytes without a token', () => without('gpt2', /[Ãðé]/, { unk_token: 'Ġthe', fuse_unk: false }));
check('BPE: prefix of continuing sub-words', () => ({
  ...plain({ pre_tokenizer: only('Whitespace') }),
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '?',
    continuing_subword_prefix: '##',
    end_of_word_suffix: '$',
    fuse_unk: true,
    byte_fallback: false,
    vocab: {
      '?': 0,
      t: 1,
      '##h': 2,
      '##e$': 3,
      th: 4,
      the$: 5,
      '##n': 6,
      '##n$': 7,
      a: 8,
      a$: 9,
      '##a': 10,
      '##na': 11,
      '##e': 12,
    },
    merges: ['t ##h', 'th ##e$', '##n ##a'],
  },
}));
check('BPE: merges as strings', () =>
  changedModel('gpt2', {
    merges: ['#version: 0.2', ...fixtureJson('gpt2').model.merges.map((pair: string[]) => pair.join(' '))],
  }),
);
check('WordPiece: short words only, another prefix', () => {
  const json = changedModel('bert', { max_input_chars_per_word: 7, continuing_subword_prefix: 't' });
  return json;
});
check('Unigram: bytes for unknown characters', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => [
    `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    -12,
  ]);
  return changedModel('xlm-roberta', {
    byte_fallback: true,
    vocab: [...fixtureJson('xlm-roberta').model.vocab, ...bytes],
  });
});
check('Unigram: equal scores', () =>
  changedModel('xlm-roberta', {
    vocab: fixtureJson('xlm-roberta').model.vocab.map(([token, score]: [string, number]) => [token, Math.round(score)]),
  }),
);
check('WordLevel', () =>
  changedModel(
    'bert',
    {},
    { model: { type: 'WordLevel', unk_token: '[UNK]', vocab: fixtureJson('bert').model.vocab } },
  ),
);
check('models without a type', () => changedModel('bert', { type: undefined }));

const token = (content: string, flags: object = {}) => ({
  id: 0,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: false,
  ...flags,
});
const ADDED: Record<string, object[]> = {
  'longest of several': [token('th'), token('the'), token('thing'), token('e '), token('  ')],
  'single words': [
    token('the', { single_word: true }),
    token('ing', { single_word: true }),
    token('敏', { single_word: true }),
  ],
  'blanks stripped': [
    token('the', { lstrip: true, rstrip: true }),
    token('.', { lstrip: true }),
    token(',', { rstrip: true }),
    token(' '),
  ],
  normalized: [
    token('THE', { normalized: true }),
    token('é', { normalized: true, lstrip: true }),
    token('ING', { normalized: true, single_word: true }),
    token('[SEP]', { normalized: true }),
  ],
  'given twice': [token('the'), token('the', { lstrip: true }), token('new one', { special: true }), token('')],
};
for (const [name, added] of Object.entries(ADDED)) {
  for (const family of ['bert', 'llama2', 'gpt2', 'xlm-roberta'] as const) {
    check(`added tokens in ${family}: ${name}`, () => ({
      ...fixtureJson(family),
      added_tokens: [...fixtureJson(family).added_tokens, ...added],
    }));
  }
}

test.run();
