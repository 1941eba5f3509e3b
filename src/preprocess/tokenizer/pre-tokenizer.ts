// pre_tokenizer of a tokenizer.json -> steps (op, flags, text); see binding/preprocess/text_pretokenize.h.

import { type Json, Unsupported } from './json.js';
import { PATTERNS } from './pattern.js';
import type { StringTable } from './strings.js';

const OPS = [
  'BertPreTokenizer',
  'ByteLevel',
  'Whitespace',
  'WhitespaceSplit',
  'Punctuation',
  'Digits',
  'Metaspace',
  'Split',
  'FixedLength',
];
const BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
const INVERTED = 8;

export function compilePreTokenizer(node: Json, strings: StringTable): number[] {
  if (node.absent) return [];
  const type = node.at('type').text();
  const step = (flags = 0, text?: string) => [OPS.indexOf(type), flags, strings.add(text)];
  switch (type) {
    case 'Sequence':
      node.onlyKeys(['type', 'pretokenizers']);
      return node
        .at('pretokenizers')
        .items()
        .flatMap((item) => compilePreTokenizer(item, strings));
    case 'BertPreTokenizer':
    case 'Whitespace':
    case 'WhitespaceSplit':
      node.onlyKeys(['type']);
      return step();
    case 'ByteLevel':
      node.onlyKeys(['type', 'add_prefix_space', 'trim_offsets', 'use_regex']);
      return step(Number(node.at('add_prefix_space').flag()) | (Number(node.at('use_regex').flag(true)) << 1));
    case 'Punctuation':
      node.onlyKeys(['type', 'behavior']);
      return step(BEHAVIORS.indexOf(node.at('behavior').oneOf(BEHAVIORS, 'Isolated')));
    case 'Digits':
      node.onlyKeys(['type', 'individual_digits']);
      return step(Number(node.at('individual_digits').flag()));
    case 'FixedLength':
      node.onlyKeys(['type', 'length']);
      return step(node.at('length').absent ? 5 : node.at('length').whole(1, 0x7fffffff));
    case 'Metaspace':
      return compileMetaspace(node, strings);
    case 'Split':
      return compileSplit(node, strings);
    case 'CharDelimiterSplit': {
      node.onlyKeys(['type', 'delimiter']);
      const delimiter = node.at('delimiter').text();
      if ([...delimiter].length !== 1) node.at('delimiter').fail('expected one character');
      return [OPS.indexOf('Split'), BEHAVIORS.indexOf('Removed'), strings.add(delimiter)];
    }
    default:
      throw new Unsupported(`pre_tokenizer ${type}`);
  }
}

function compileMetaspace(node: Json, strings: StringTable): number[] {
  node.onlyKeys(['type', 'replacement', 'add_prefix_space', 'prepend_scheme', 'split', 'str_rep']);
  const replacement = node.at('replacement').text();
  if ([...replacement].length !== 1) node.at('replacement').fail('expected one character');
  let scheme = node.at('prepend_scheme').oneOf(['always', 'first', 'never'] as const, 'always');
  if (node.at('add_prefix_space').value === false) {
    // As in Rust: the old key may only repeat what the new one says. Files without the new key are old ones.
    if (!node.at('prepend_scheme').absent && scheme !== 'never')
      node.fail('add_prefix_space does not match prepend_scheme');
    if (node.at('prepend_scheme').absent) node.fail('add_prefix_space is false; add "prepend_scheme": "never"');
    scheme = 'never';
  }
  const prepend = { always: 2, first: 4, never: 0 }[scheme];
  return [OPS.indexOf('Metaspace'), Number(node.at('split').flag(true)) | prepend, strings.add(replacement)];
}

function compileSplit(node: Json, strings: StringTable): number[] {
  node.onlyKeys(['type', 'pattern', 'behavior', 'invert']);
  const behavior = BEHAVIORS.indexOf(node.at('behavior').oneOf(BEHAVIORS)) | (node.at('invert').flag() ? INVERTED : 0);
  const pattern = node.at('pattern');
  pattern.onlyKeys(['String', 'Regex']);
  if (pattern.at('Regex').absent) {
    const text = pattern.at('String').text();
    if (text === '') node.unsupported('Split with an empty pattern');
    return [OPS.indexOf('Split'), behavior, strings.add(text)];
  }
  const expression = pattern.at('Regex').text();
  const number = Object.hasOwn(PATTERNS, expression) ? PATTERNS[expression] : undefined;
  if (number === undefined) node.unsupported(`regular expression ${JSON.stringify(expression)}`);
  return [OPS.indexOf('Split'), behavior | (number! << 4), strings.add(undefined)];
}
