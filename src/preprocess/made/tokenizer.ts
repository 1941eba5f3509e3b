// A small tokenizer.json of the right kind for models whose own is not at hand. It works as the real one does and knows the
// common words as whole tokens, so that its speed is of the right size; its ids mean nothing to real weights.

import type { TextKind } from '../../../models/preprocess.js';
import { trainMerges } from './merges.js';
import { WORDS } from './words.js';

/** What a tokenizer may have of tokens: enough for every word of the list to be one. */
const MOST_TOKENS = 2500;
const MARK = '▁';
const PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));

type Made = Partial<Record<TextKind, (tokens: number, vocabulary: number) => object>>;

const special = (id: number, content: string) => ({
  ...{ id, content, special: true, normalized: false, single_word: false, lstrip: false, rstrip: false },
});
const ids = (tokens: Iterable<string>) => Object.fromEntries([...tokens].map((token, id) => [token, id]));
const file = (parts: object) => ({
  ...{ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null },
  ...{ post_processor: null, decoder: null, ...parts },
});
const bpe = (vocab: Record<string, number>, merges: [string, string][], more: object = {}) => ({
  ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null },
  ...{ fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges, ...more },
});

/** [special] text [special], as the templates of tokenizer.json say it. */
function template(before: [string, number][], after: [string, number][]): object {
  const token = ([id]: [string, number]) => ({ SpecialToken: { id, type_id: 0 } });
  const single = [...before.map(token), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(token)];
  const tokens = [...before, ...after].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }]);
  const pair = [...single, { Sequence: { id: 'B', type_id: 1 } }];
  return { type: 'TemplateProcessing', single, pair, special_tokens: Object.fromEntries(tokens) };
}

/** Alphabet and as many merges as fit: the vocabulary is `first`, the alphabet, then what each merge makes. */
function merged(words: string[][], first: readonly string[], alphabet: readonly string[], tokens: number) {
  const base = [...new Set([...first, ...alphabet])].slice(0, tokens);
  const known = new Set(base);
  const { merges } = trainMerges(words, Math.max(0, tokens - base.length));
  const kept: [string, string][] = [];
  for (const [left, right] of merges) {
    if (!known.has(left) || !known.has(right) || known.size >= tokens) continue;
    known.add(left + right);
    kept.push([left, right]);
  }
  return { vocabulary: [...known], merges: kept };
}

/** Most frequent first, so that a small vocabulary has what the text needs. */
function letters(words: string[][], more: readonly string[]): string[] {
  return [...trainMerges(words, 0).alphabet, ...more];
}

/** GPT-2's names of bytes: printable ones stand for themselves, the others for letters from U+0100 on. */
function byteLetters(): string[] {
  const plain = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  const names = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(plain(byte) ? byte : next++));
  return [...names.filter((_, byte) => byte >= 32 && byte < 127), ...names];
}

const MAKERS: Made = {
  WordPiece(tokens) {
    const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
    const split = WORDS.map((word) => [...word].map((letter, i) => (i === 0 ? letter : `##${letter}`)));
    const small = [...PRINTABLE.filter((letter) => letter === letter.toLowerCase()), ...letters(split, [])];
    const vocab = ids([...new Set([...specials, ...small, ...WORDS])].slice(0, tokens));
    return file({
      added_tokens: specials.map((content, id) => special(id, content)),
      ...{
        normalizer: {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: null,
          lowercase: true,
        },
      },
      ...{ pre_tokenizer: { type: 'BertPreTokenizer' }, post_processor: template([['[CLS]', 2]], [['[SEP]', 3]]) },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab,
      },
    });
  },
  'byte-level BPE'(tokens) {
    const words = WORDS.flatMap((word) => [['Ġ', ...word]]);
    const { vocabulary, merges } = merged(words, ['<|endoftext|>'], letters(words, byteLetters()), tokens);
    return file({
      added_tokens: [special(0, '<|endoftext|>')],
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      model: bpe(ids(vocabulary), merges),
    });
  },
  'CLIP BPE'(tokens, vocabulary) {
    const words = WORDS.map((word) => [...word.slice(0, -1), `${word.at(-1)}</w>`]);
    const ends = byteLetters().map((letter) => `${letter}</w>`);
    const { vocabulary: known, merges } = merged(words, [], [...letters(words, byteLetters()), ...ends], tokens - 2);
    // The end has the largest id of the model: that is how CLIP finds it.
    const [start, end] = [vocabulary - 2, vocabulary - 1];
    const regex = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    const spaces = { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' };
    return file({
      added_tokens: [special(start, '<|startoftext|>'), special(end, '<|endoftext|>')],
      normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, spaces, { type: 'Lowercase' }] },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: regex }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
        ],
      },
      post_processor: template([['<|startoftext|>', start]], [['<|endoftext|>', end]]),
      model: bpe({ ...ids(known), '<|startoftext|>': start, '<|endoftext|>': end }, merges, {
        end_of_word_suffix: '</w>',
      }),
    });
  },
  'SentencePiece BPE'(tokens) {
    const words = WORDS.map((word) => [MARK, ...word]);
    const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    const fallback = tokens >= 1000;
    const first = ['<unk>', '<s>', '</s>', ...(fallback ? bytes : [])];
    const { vocabulary, merges } = merged(words, first, letters(words, PRINTABLE), tokens);
    const replace = { type: 'Replace', pattern: { String: ' ' }, content: MARK };
    return file({
      added_tokens: first.slice(0, 3).map((content, id) => special(id, content)),
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: MARK }, replace] },
      post_processor: template([['<s>', 1]], []),
      model: bpe(ids(vocabulary), merges, { unk_token: '<unk>', fuse_unk: true, byte_fallback: fallback }),
    });
  },
  'SentencePiece unigram'(tokens) {
    const words = WORDS.map((word) => [MARK, ...word]);
    const first = ['<pad>', '</s>', '<unk>'];
    const { vocabulary } = merged(words, first, letters(words, PRINTABLE), tokens);
    // Pieces by rank: a whole word is always likelier than what it is made of.
    const vocab = vocabulary.map((piece, id) => [piece, id < 3 ? 0 : -Math.log(id)]);
    return file({
      added_tokens: first.map((content, id) => special(id, content)),
      pre_tokenizer: { type: 'Metaspace', replacement: MARK, prepend_scheme: 'always', split: true },
      post_processor: template([], [['</s>', 1]]),
      model: { type: 'Unigram', unk_id: 2, vocab },
    });
  },
};

/**
 * @param vocabulary ids that the model knows: all made ones are below
 * @returns a parsed tokenizer.json; null for kinds of which hfbench has none
 */
export function madeTokenizer(kind: TextKind, vocabulary: number): object | null {
  return MAKERS[kind]?.(Math.min(vocabulary, MOST_TOKENS), vocabulary) ?? null;
}
