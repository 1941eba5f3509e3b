// normalizer of a tokenizer.json -> steps (op, flags, text, content); see binding/preprocess/text_normalize.h.

import { type Json, Unsupported } from './json.js';
import { PATTERNS } from './pattern.js';
import { ABSENT, type StringTable } from './strings.js';

const OPS = [
  'BertNormalizer',
  'Strip',
  'StripAccents',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Lowercase',
  'Nmt',
  'Precompiled',
  'Replace',
  'ReplaceRuns',
  'Prepend',
  'ByteLevel',
];

export function compileNormalizer(node: Json, strings: StringTable): number[] {
  if (node.absent) return [];
  const type = node.at('type').text();
  const step = (flags = 0, text?: string | Uint8Array, content?: string) => [
    OPS.indexOf(type),
    flags,
    strings.add(text),
    strings.add(content),
  ];
  switch (type) {
    case 'Sequence':
      node.onlyKeys(['type', 'normalizers']);
      return node
        .at('normalizers')
        .items()
        .flatMap((item) => compileNormalizer(item, strings));
    case 'BertNormalizer': {
      node.onlyKeys(['type', 'clean_text', 'handle_chinese_chars', 'strip_accents', 'lowercase']);
      const lowercase = node.at('lowercase').flag();
      const accents = node.at('strip_accents').flag(lowercase);
      return step(
        Number(node.at('clean_text').flag()) |
          (Number(node.at('handle_chinese_chars').flag()) << 1) |
          (Number(accents) << 2) |
          (Number(lowercase) << 3),
      );
    }
    case 'Strip':
      node.onlyKeys(['type', 'strip_left', 'strip_right']);
      return step(Number(node.at('strip_left').flag()) | (Number(node.at('strip_right').flag()) << 1));
    case 'Prepend':
      node.onlyKeys(['type', 'prepend']);
      return step(0, undefined, shortText(node.at('prepend')));
    case 'Precompiled': {
      node.onlyKeys(['type', 'precompiled_charsmap']);
      const text = node.at('precompiled_charsmap').optionalText();
      if (!text) return [];
      const map = Buffer.from(text, 'base64');
      if (map.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, ''))
        node.at('precompiled_charsmap').fail('not base64');
      return step(0, map);
    }
    case 'Replace':
      return compileReplace(node, strings);
    case 'StripAccents':
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
    case 'Lowercase':
    case 'Nmt':
    case 'ByteLevel':
      node.onlyKeys(['type']);
      return step();
    default:
      throw new Unsupported(`normalizer ${type}`);
  }
}

function compileReplace(node: Json, strings: StringTable): number[] {
  node.onlyKeys(['type', 'pattern', 'content']);
  const content = strings.add(shortText(node.at('content')));
  const pattern = node.at('pattern');
  pattern.onlyKeys(['String', 'Regex']);
  if (pattern.at('Regex').absent) {
    const text = pattern.at('String').text();
    if (text === '') node.unsupported('Replace with an empty pattern');
    return [OPS.indexOf('Replace'), 0, strings.add(text), content];
  }
  const expression = pattern.at('Regex').text();
  // Other patterns cut text; these two are the ones that replace it, as runs of \s (0) or of at least two blanks.
  const runs = { [PATTERNS['\\s+']!]: 0, [PATTERNS[' {2,}']!]: 2 }[PATTERNS[expression] ?? -1];
  if (runs === undefined) node.unsupported(`regular expression ${JSON.stringify(expression)}`);
  return [OPS.indexOf('ReplaceRuns'), runs!, ABSENT, content];
}

/** New text for every match: long ones would make a short text fill the memory. */
function shortText(node: Json): string {
  const text = node.text();
  if (text.length > 64) node.fail(`${text.length} characters are more than the 64 that are allowed`);
  return text;
}
