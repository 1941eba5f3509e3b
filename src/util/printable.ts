/**
 * Replaces what could steer a terminal or reorder text (control characters, escape sequences, bidirectional overrides) with `?`:
 * names come from files, and messages from libraries. Line breaks become spaces.
 */
export function printable(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
