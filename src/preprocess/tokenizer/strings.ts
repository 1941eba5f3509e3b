// Strings for the addon: their UTF-8 one after the other, and where each ends.

/** Encodes `strings`, which must hold no lone surrogates. */
export function packStrings(strings: readonly string[]): { bytes: Uint8Array; ends: Uint32Array } {
  let units = 0;
  for (const text of strings) units += text.length;
  const bytes = new Uint8Array(units * 3);
  const ends = new Uint32Array(strings.length);
  const encoder = new TextEncoder();
  let used = 0;
  strings.forEach((text, i) => {
    used += encoder.encodeInto(text, bytes.subarray(used)).written;
    ends[i] = used;
  });
  return { bytes: bytes.slice(0, used), ends };
}

/** The string table of a program: what its steps refer to by number. */
export class StringTable {
  private readonly parts: Uint8Array[] = [];

  add(content: string | Uint8Array | undefined): number {
    if (content === undefined) return ABSENT;
    return this.parts.push(typeof content === 'string' ? new TextEncoder().encode(content) : content) - 1;
  }

  pack(): { bytes: Uint8Array; ends: Uint32Array } {
    let used = 0;
    const ends = Uint32Array.from(this.parts, (part) => (used += part.length));
    return { bytes: Buffer.concat(this.parts), ends };
  }
}

/** Stands for no string or no id; MISSING for a token that is named but not in the vocabulary. */
export const ABSENT = 0xffffffff;
export const MISSING = ABSENT - 1;
