/** A sorted copy (numerically, unlike Array.prototype.sort without a comparator). */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile by linear interpolation between the order statistics around (n - 1) p: Hyndman & Fan's type 7, numpy's default.
 * @param ascending at least one value
 * @param p between 0 and 1
 */
export function quantile(ascending: Float64Array, p: number): number {
  return atRank(ascending, (ascending.length - 1) * p);
}

/** The value at a fractional rank from 0 to n - 1. */
export function atRank(ascending: Float64Array, rank: number): number {
  const below = Math.floor(rank);
  const low = ascending[below]!;
  if (rank === below) return low;
  return low + (ascending[below + 1]! - low) * (rank - below);
}

export function median(values: ArrayLike<number>): number {
  return quantile(sorted(values), 0.5);
}
