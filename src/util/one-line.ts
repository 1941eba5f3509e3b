// Text from elsewhere (an ORT status, a worker's stderr, a name out of a file) as one line that a terminal, CSV cell or table cell
// can hold.

/** Control sequences and operating system commands (ECMA-48, 5.4 and 8.3.89). util.stripVTControlCharacters takes letters around them too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds.
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/**
 * Escape sequences go; newlines, other control characters and those that reorder text (bidirectional overrides) become single
 * spaces; longer text is cut in the middle, where it matters least.
 */
export function oneLine(text: string, limit = 400): string {
  const flat = text
    .replace(SEQUENCES, '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  if (flat.length <= limit) return flat;
  const half = Math.floor((limit - 5) / 2);
  return `${flat.slice(0, half)} ... ${flat.slice(-half)}`;
}
