// Summary statistics of the samples of one case. What the samples cannot support is null.

import type { Measurement } from '../run/outcome.js';
import { type MedianInterval, medianInterval } from './median-interval.js';
import { outliers } from './outliers.js';
import { quantile, sorted } from './quantile.js';
import { type Trend, trend, windowMedians } from './trend.js';

/**
 * Fewest samples for a percentile to be given: MLPerf LoadGen's early-stopping rule, with one sample allowed beyond the
 * percentile and 99 % confidence (mlcommons/inference, loadgen/early_stopping.cc).
 */
export const MIN_SAMPLES_FOR = { p90: 64, p95: 130, p99: 662 } as const;

export interface Summary {
  samples: number;
  min: number;
  median: number;
  mean: number;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  max: number;
  /** With n - 1 in the denominator; null for one sample. */
  standardDeviation: number | null;
  /** Median absolute deviation from the median, not scaled to the normal distribution. */
  mad: number;
  interval: MedianInterval | null;
  /** Indices of the marked samples; null where marking makes no sense (see outliers.ts). */
  outliers: number[] | null;
  /** Lag-1 autocorrelation; null below ten samples or without variation. */
  autocorrelation: number | null;
  /** Trend over twenty windows; null below ten samples, or ten rounds. */
  drift: Trend | null;
}

/**
 * @param samples one or more durations in order of measurement; the statistics have their unit
 * @param round after so many samples it starts over, as generations do, whose runs become slower as their cache grows: the trend is
 *   then one from round to round
 */
export function summarize(samples: ArrayLike<number>, round = 1): Summary {
  const n = samples.length;
  if (n === 0) throw new RangeError('summarize: no samples');
  const ascending = sorted(samples);
  const at = (p: number, fewest: number) => (n >= fewest ? quantile(ascending, p) : null);
  const median = quantile(ascending, 0.5);
  const mean = ascending.reduce((sum, value) => sum + value, 0) / n;
  const squares = ascending.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    samples: n,
    min: ascending[0]!,
    median,
    mean,
    p90: at(0.9, MIN_SAMPLES_FOR.p90),
    p95: at(0.95, MIN_SAMPLES_FOR.p95),
    p99: at(0.99, MIN_SAMPLES_FOR.p99),
    max: ascending[n - 1]!,
    standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    mad: quantile(ascending.map((value) => Math.abs(value - median)).sort(), 0.5),
    interval: medianInterval(samples, ascending),
    outliers: outliers(samples, ascending),
    autocorrelation: n >= 10 && squares > 0 ? lag1(samples, mean) / squares : null,
    drift: n >= 10 * round ? trend(windowMedians(samples, Math.min(20, Math.floor(n / round)))) : null,
  };
}

const known = new WeakMap<Measurement, Summary | null>();

/** The summary of a measurement, computed once; null without samples. */
export function summaryOf(measurement: Measurement): Summary | null {
  let summary = known.get(measurement);
  if (summary === undefined) {
    const { samplesNs, generation } = measurement;
    const round = generation ? Math.ceil(samplesNs.length / generation.firstTokenNs.length) : 1;
    summary = samplesNs.length > 0 ? summarize(samplesNs, round) : null;
    known.set(measurement, summary);
  }
  return summary;
}

function lag1(samples: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let i = 1; i < samples.length; i += 1) sum += (samples[i]! - mean) * (samples[i - 1]! - mean);
  return sum;
}
