import { type Metric, ofSamples } from './metric.js';

export const latencyMedianLow: Metric = {
  column: 'latency_median_low_ns',
  unit: 'ns',
  better: null,
  description:
    'Lower end of the 95 % confidence interval of the median (see src/measure/median-interval.ts); absent below 10 samples.',
  from: ofSamples(({ interval }) => interval?.low ?? null),
};
