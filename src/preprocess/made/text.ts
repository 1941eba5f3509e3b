// Texts that nobody wrote: sentences of common words, as often as they are in English (Zipf's law), the same on every machine.

import { noise } from './signal.js';
import { WORDS } from './words.js';

const LONGEST_SENTENCE = 24;

/** Words by rank with probability 1 / rank, from one byte of noise and its successor. */
function chooser(seed: number, count: number): () => string {
  const bytes = noise(2 * count, seed);
  let at = 0;
  return () => {
    const fraction = (bytes[at]! * 256 + bytes[at + 1]!) / 65_536;
    at = (at + 2) % bytes.length;
    return WORDS[Math.floor(WORDS.length ** fraction) - 1]!;
  };
}

/** @param words in each text at least; it ends with a full stop */
export function madeTexts(count: number, words: number): string[] {
  return Array.from({ length: count }, (_, text) => {
    const next = chooser(text + 1, words + LONGEST_SENTENCE);
    const sentences: string[] = [];
    for (let used = 0; used < words; ) {
      const length = 6 + ((used * 7 + text) % (LONGEST_SENTENCE - 6));
      const chosen = Array.from({ length }, next);
      // A comma now and then, a capital at the start: what makes a tokenizer split.
      const spaced = chosen.map((word, i) => (i % 9 === 8 ? `${word},` : word)).join(' ');
      sentences.push(`${spaced[0]!.toUpperCase()}${spaced.slice(1)}.`.replace(',.', '.'));
      used += length;
    }
    return sentences.join(' ');
  });
}
