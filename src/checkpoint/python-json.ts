// JSON as Python's json module writes it: numbers may be NaN, Infinity and -Infinity, for which JSON has no words (RFC 8259, 6).

const NOT_A_NUMBER = '\u0000NaN';
/** Strings, which are left as they are, and the three words. */
const WORDS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** @throws SyntaxError for what is no JSON beyond these words */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A number beyond the range of doubles is read as infinity (ECMA-262, StringToNumber).
    const words: Record<string, string> = {
      Infinity: '1e999',
      '-Infinity': '-1e999',
      NaN: JSON.stringify(NOT_A_NUMBER),
    };
    const replaced = text.replace(WORDS, (word) => words[word] ?? word);
    if (replaced === text) throw error;
    return JSON.parse(replaced, (_key, value) => (value === NOT_A_NUMBER ? Number.NaN : value));
  }
}
