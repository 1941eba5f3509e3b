import { quantile } from './quantile.js';

/**
 * Marks samples beyond Tukey's outer fences, three interquartile ranges outside the quartiles (Tukey 1977, Exploratory Data
 * Analysis). A mark is information: no statistic leaves the sample out.
 * @param samples in order of measurement
 * @param ascending the same samples, sorted
 * @returns ascending indices; null below ten samples, or when half of them are equal (a coarse clock would mark all others)
 */
export function outliers(samples: ArrayLike<number>, ascending: Float64Array): number[] | null {
  const low = quantile(ascending, 0.25);
  const high = quantile(ascending, 0.75);
  const fence = 3 * (high - low);
  if (samples.length < 10 || fence === 0) return null;
  return Array.from(samples as ArrayLike<number>, (_, i) => i).filter(
    (i) => samples[i]! < low - fence || samples[i]! > high + fence,
  );
}
