// 95 % confidence interval of the median of samples that are not independent.
//
// Runs of one process hang together (lag-1 autocorrelation of 0.65 is common), so the textbook interval between two order
// statistics is several times too narrow. The samples are cut into 5 to 20 consecutive batches; the spread of the batches'
// shares of samples below the median says how uncertain the rank of the median is: non-overlapping batch means (Schmeiser 1982,
// Operations Research 30(3): 10 to 30 batches are enough) applied to the indicator of a quantile (as Vehtari et al. 2021, Bayesian
// Analysis 16(2), section 4.3, do for the effective sample size of a quantile).

import { atRank } from './quantile.js';

export interface MedianInterval {
  low: number;
  high: number;
  /** Independent samples that would place the median as well as these do. */
  effectiveSamples: number;
}

/** Below this number of samples, how much they hang together cannot be told. */
export const MIN_SAMPLES_FOR_INTERVAL = 10;

/** Student's t, 97.5 % quantile, for 4 to 19 degrees of freedom. */
const T975 = [
  2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.13145,
  2.119905, 2.109816, 2.100922, 2.093024,
];
const Z975 = 1.959964;

/**
 * @param samples in order of measurement
 * @param ascending the same samples, sorted
 * @returns the wider of the interval of independent samples and that of the batches; null with fewer than ten samples, or
 *   when they hang together so much that the interval would go beyond the smallest and largest of them
 */
export function medianInterval(samples: ArrayLike<number>, ascending: Float64Array): MedianInterval | null {
  const n = samples.length;
  if (n < MIN_SAMPLES_FOR_INTERVAL) return null;
  const batches = Math.min(20, Math.max(5, Math.floor(n / 10)));
  const variance = varianceOfShareBelow(samples, atRank(ascending, (n - 1) / 2), batches);
  const middle = (n - 1) / 2;
  const reach = Math.max(middle - lowerRank(n), T975[batches - 5]! * Math.sqrt(variance) * n);
  if (reach > middle) return null;
  return {
    low: atRank(ascending, middle - reach),
    high: atRank(ascending, middle + reach),
    effectiveSamples: Math.min(n, 0.25 / variance),
  };
}

/**
 * Zero-based rank of the lower end for n independent samples: below the 2.5 % quantile of Bin(n, 1/2), exact up to 1000 samples.
 */
export function lowerRank(n: number): number {
  if (n > 1000) return Math.max(0, Math.floor(n / 2 - (Z975 * Math.sqrt(n)) / 2) - 1);
  let probability = 2 ** -n;
  let cumulated = probability;
  let k = 0;
  while (cumulated < 0.025) {
    probability *= (n - k) / (k + 1);
    cumulated += probability;
    k += 1;
  }
  return Math.max(0, k - 1);
}

/** Variance of the share of samples below the median, from its variance between batches. A tie counts half. */
function varianceOfShareBelow(samples: ArrayLike<number>, median: number, batches: number): number {
  const n = samples.length;
  const shares: number[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const start = Math.floor((batch * n) / batches);
    const end = Math.floor(((batch + 1) * n) / batches);
    let below = 0;
    for (let i = start; i < end; i += 1) below += samples[i]! < median ? 1 : samples[i] === median ? 0.5 : 0;
    shares.push(below / (end - start));
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / batches;
  return shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (batches - 1) / batches;
}
