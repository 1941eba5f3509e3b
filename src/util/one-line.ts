// Text from elsewhere (an ORT status, a worker's stderr) as one line that a terminal, CSV cell or table cell can hold.

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
const CONTROL = /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u001f\u007f]+/g;

/** Newlines and control characters become single spaces; longer text is cut in the middle, where it matters least. */
export function oneLine(text: string, limit = 400): string {
  const flat = text.replace(CONTROL, ' ').replace(/\s+/g, ' ').trim();
  if (flat.length <= limit) return flat;
  const half = Math.floor((limit - 5) / 2);
  return `${flat.slice(0, half)} ... ${flat.slice(-half)}`;
}
