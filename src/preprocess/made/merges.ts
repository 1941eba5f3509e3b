// Byte-pair encoding's training (Sennrich et al. 2016, arXiv:1508.07909) on the list of words, each counted as often as Zipf's
// law has it. Small lists need no index of pairs.

export interface Trained {
  /** Symbols before any merge, most frequent first. */
  alphabet: string[];
  /** In order of their rank. */
  merges: [string, string][];
}

/**
 * @param words as their symbols, most frequent first
 * @param most merges; fewer when every word is one symbol
 */
export function trainMerges(words: readonly (readonly string[])[], most: number): Trained {
  const lines = words.map((symbols, rank) => ({ symbols: [...symbols], weight: 1 / (rank + 1) }));
  const merges: [string, string][] = [];
  const alphabet = ranked(lines.flatMap(({ symbols, weight }) => symbols.map((symbol) => [symbol, weight] as const)));
  while (merges.length < most) {
    const pairs = lines.flatMap(({ symbols, weight }) =>
      symbols.slice(1).map((symbol, i) => [`${symbols[i]}\0${symbol}`, weight] as const),
    );
    const best = ranked(pairs)[0];
    if (best === undefined) break;
    const [left, right] = best.split('\0') as [string, string];
    merges.push([left, right]);
    for (const line of lines) {
      for (let i = 0; i + 1 < line.symbols.length; ++i) {
        if (line.symbols[i] === left && line.symbols[i + 1] === right) line.symbols.splice(i, 2, left + right);
      }
    }
  }
  return { alphabet, merges };
}

/** Keys by the sum of their weights, largest first, ties in the order of code units. */
function ranked(entries: readonly (readonly [string, number])[]): string[] {
  const sums = new Map<string, number>();
  for (const [key, weight] of entries) sums.set(key, (sums.get(key) ?? 0) + weight);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([key]) => key);
}
