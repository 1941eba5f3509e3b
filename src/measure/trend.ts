// Is there a trend in a short series of window medians? Robust against single bad windows.

import { median } from './quantile.js';

export interface Trend {
  /** Change from the first to the last value along the Theil-Sen line, relative to the median: -0.1 is 10 % faster at the end. */
  change: number;
  /** Mann-Kendall's statistic, continuity-corrected and about standard normal without a trend; 0 below three values. */
  z: number;
}

/**
 * Slope by Theil (1950) and Sen (1968), order test by Mann (1945) and Kendall.
 * @param values two or more, equally spaced; time grows with the square of their number
 */
export function trend(values: readonly number[]): Trend {
  const n = values.length;
  const slopes: number[] = [];
  let rises = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) {
      slopes.push((values[j]! - values[i]!) / (j - i));
      rises += Math.sign(values[j]! - values[i]!);
    }
  }
  const middle = median(values);
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return {
    change: middle === 0 ? 0 : (median(slopes) * (n - 1)) / middle,
    z: n < 3 ? 0 : (Math.sign(rises) * Math.max(0, Math.abs(rises) - 1)) / deviation,
  };
}

/** Medians of `count` consecutive windows of nearly equal length; as many as there are values if there are fewer. */
export function windowMedians(values: ArrayLike<number>, count: number): number[] {
  const all = Float64Array.from(values);
  const windows = Math.min(count, all.length);
  return Array.from({ length: windows }, (_, i) =>
    median(all.subarray(Math.floor((i * all.length) / windows), Math.floor(((i + 1) * all.length) / windows))),
  );
}
