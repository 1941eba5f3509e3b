// added_tokens of a tokenizer.json -> rows (text, id, flags); see binding/preprocess/text_added_tokens.h.

import type { Json } from './json.js';
import type { StringTable } from './strings.js';

const MAX_ADDED = 1 << 18;

export interface AddedTokens {
  rows: number[];
  /** Content to id. */
  ids: Map<string, number>;
}

/**
 * Ids come from the vocabulary, as in Rust tokenizers: a token that it lacks gets the next number after it, whatever the file's
 * own `id` says.
 */
export function compileAddedTokens(node: Json, vocabulary: Map<string, number>, strings: StringTable): AddedTokens {
  const flags = new Map<string, number>();
  const ids = new Map<string, number>();
  let next = vocabulary.size;
  for (const token of node.absent ? [] : node.items(MAX_ADDED)) {
    const content = token.at('content').text();
    if (content === '') continue;
    ids.set(content, ids.get(content) ?? vocabulary.get(content) ?? next++);
    const special = token.at('special').flag(false);
    const set = [
      token.at('single_word').flag(false),
      token.at('lstrip').flag(false),
      token.at('rstrip').flag(false),
      token.at('normalized').flag(!special),
    ];
    flags.set(
      content,
      set.reduce((sum, on, i) => sum | (Number(on) << i), 0),
    );
  }
  const owners = new Map<number, string>();
  for (const [content, id] of ids) {
    const other = owners.get(id);
    if (other !== undefined) node.fail(`${JSON.stringify(other)} and ${JSON.stringify(content)} both get the id ${id}`);
    owners.set(id, content);
  }
  return { rows: [...flags].flatMap(([content, bits]) => [strings.add(content), ids.get(content)!, bits]), ids };
}
