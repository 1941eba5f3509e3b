// model of a tokenizer.json -> its numbers and tables; see binding/preprocess/text_model.h.

import type { TokenizerProgram } from '../../../binding/index.js';
import type { Json } from './json.js';
import { ABSENT, MISSING, packStrings, type StringTable } from './strings.js';

const KINDS = ['None', 'WordPiece', 'BPE', 'Unigram', 'WordLevel'] as const;
const MAX_TOKENS = 1 << 22;
const MAX_MERGES = 1 << 23;
const MAX_ID = 0x7fffffff;

export type ModelProgram = Pick<TokenizerProgram, 'model' | 'tokens' | 'tokenEnds' | 'tokenIds' | 'scores' | 'merges'>;
export interface CompiledModel {
  program: ModelProgram;
  /** Token to id. */
  vocabulary: Map<string, number>;
}

/** @throws UsageError for a vocabulary that contradicts itself, e.g. an id given twice or a merge of tokens it lacks */
export function compileModel(node: Json, strings: StringTable): CompiledModel {
  node.object();
  const kind = kindOf(node);
  switch (kind) {
    case 'WordPiece':
      node.onlyKeys(['type', 'unk_token', 'continuing_subword_prefix', 'max_input_chars_per_word', 'vocab']);
      break;
    case 'WordLevel':
      node.onlyKeys(['type', 'unk_token', 'vocab']);
      break;
    case 'Unigram':
      node.onlyKeys(['type', 'unk_id', 'vocab', 'byte_fallback']);
      break;
    case 'BPE':
      node.onlyKeys([
        'type',
        'dropout',
        'unk_token',
        'continuing_subword_prefix',
        'end_of_word_suffix',
        'fuse_unk',
        'byte_fallback',
        'ignore_merges',
        'vocab',
        'merges',
      ]);
      if (node.at('dropout').value) node.at('dropout').fail('random merges have no one answer; set it to null');
      break;
  }
  const { vocabulary, scores } =
    kind === 'Unigram' ? readScored(node.at('vocab')) : { vocabulary: readVocabulary(node.at('vocab')), scores: [] };
  const flags = ['fuse_unk', 'byte_fallback', 'ignore_merges'].reduce(
    (sum, key, i) => sum | (Number(node.at(key).flag(false)) << i),
    0,
  );
  const prefix =
    kind === 'WordPiece'
      ? node.at('continuing_subword_prefix').text()
      : node.at('continuing_subword_prefix').optionalText();
  const longest = node.at('max_input_chars_per_word');
  const tokens = packStrings(
    kind === 'Unigram'
      ? node
          .at('vocab')
          .items(MAX_TOKENS)
          .map((row) => row.at(0).text())
      : [...vocabulary.keys()],
  );
  return {
    vocabulary,
    program: {
      model: Uint32Array.of(
        KINDS.indexOf(kind),
        flags,
        unknownId(node, kind, vocabulary, scores.length),
        longest.absent ? 100 : longest.whole(0, MAX_ID),
        strings.add(prefix),
        strings.add(node.at('end_of_word_suffix').optionalText()),
      ),
      tokens: tokens.bytes,
      tokenEnds: tokens.ends,
      tokenIds: kind === 'Unigram' ? Uint32Array.from(scores.keys()) : Uint32Array.from(vocabulary.values()),
      scores: Float64Array.from(scores),
      merges: kind === 'BPE' ? readMerges(node.at('merges'), vocabulary, prefix ?? '') : new Uint32Array(),
    },
  };
}

/** The program of a tokenizer whose ids come from elsewhere. */
export function noModel(): ModelProgram {
  const none = new Uint32Array();
  return {
    model: Uint32Array.of(0, 0, ABSENT, 0, ABSENT, ABSENT),
    tokens: new Uint8Array(),
    tokenEnds: none,
    tokenIds: none,
    scores: new Float64Array(),
    merges: none,
  };
}

/** Files of before 2023 leave the type out; what they hold tells it. */
function kindOf(node: Json): Exclude<(typeof KINDS)[number], 'None'> {
  const type = node.at('type');
  if (!type.absent) return type.oneOf(['WordPiece', 'BPE', 'Unigram', 'WordLevel']);
  if (!node.at('merges').absent) return 'BPE';
  if (Array.isArray(node.at('vocab').value)) return 'Unigram';
  return node.at('continuing_subword_prefix').absent ? 'WordLevel' : 'WordPiece';
}

function readVocabulary(node: Json): Map<string, number> {
  const entries = Object.entries(node.object());
  if (entries.length > MAX_TOKENS)
    node.fail(`${entries.length} tokens are more than the ${MAX_TOKENS} that are allowed`);
  const vocabulary = new Map<string, number>();
  const owners = new Map<number, string>();
  for (const [token, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > MAX_ID || /\p{Surrogate}/u.test(token)) {
      node.fail(`token ${JSON.stringify(token)}: expected well-formed text and an id from 0 to ${MAX_ID}`);
    }
    const other = owners.get(id as number);
    if (other !== undefined)
      node.fail(`id ${id} belongs to both ${JSON.stringify(other)} and ${JSON.stringify(token)}`);
    owners.set(id as number, token);
    vocabulary.set(token, id as number);
  }
  return vocabulary;
}

/** Unigram: [token, log probability] each, its id is its place. The last of equal tokens counts, as in Rust. */
function readScored(node: Json): { vocabulary: Map<string, number>; scores: number[] } {
  const vocabulary = new Map<string, number>();
  const scores = node.items(MAX_TOKENS).map((row, id) => {
    const score = row.at(1).value;
    if (typeof score !== 'number') row.fail('expected [token, score]');
    vocabulary.set(row.at(0).text(), id);
    return score as number;
  });
  return { vocabulary, scores };
}

function unknownId(node: Json, kind: string, vocabulary: Map<string, number>, tokens: number): number {
  if (kind === 'Unigram') {
    const unknown = node.at('unk_id');
    if (!unknown.absent && tokens === 0) node.at('vocab').fail('the vocabulary is empty');
    return unknown.absent ? ABSENT : unknown.whole(0, tokens - 1);
  }
  const token = kind === 'BPE' ? node.at('unk_token').optionalText() : node.at('unk_token').text();
  return token === undefined ? ABSENT : (vocabulary.get(token) ?? MISSING);
}

function readMerges(node: Json, vocabulary: Map<string, number>, prefix: string): Uint32Array {
  const merges: number[] = [];
  for (const [i, row] of node.array(MAX_MERGES).entries()) {
    // Old files say "a b", new ones ["a", "b"]; the version line of a merges.txt may stand among the old ones.
    if (typeof row === 'string' && row.startsWith('#version')) continue;
    const parts: unknown = typeof row === 'string' ? row.split(' ') : row;
    if (!Array.isArray(parts) || parts.length !== 2 || parts.some((part) => typeof part !== 'string')) {
      node.at(i).fail('expected two tokens');
    }
    const [left, right] = parts as [string, string];
    if (right.length < prefix.length)
      node.at(i).fail(`${JSON.stringify(right)} is shorter than the continuing_subword_prefix`);
    for (const token of [left, right, left + right.slice(prefix.length)]) {
      const id = vocabulary.get(token);
      if (id === undefined) node.at(i).fail(`merge names ${JSON.stringify(token)}, which is not in the vocabulary`);
      merges.push(id!);
    }
  }
  return Uint32Array.from(merges);
}
