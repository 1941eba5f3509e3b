import { type Metric, ofSamples } from './metric.js';

export const latencyMedianHigh: Metric = {
  column: 'latency_median_high_ns',
  unit: 'ns',
  better: null,
  description: 'Upper end of the 95 % confidence interval of the median; absent below 10 samples.',
  from: ofSamples(({ interval }) => interval?.high ?? null),
};
