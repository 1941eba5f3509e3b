import { type Metric, ofSamples } from './metric.js';

export const latencyMean: Metric = {
  column: 'latency_mean_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Arithmetic mean of the durations, outliers included.',
  from: ofSamples(({ mean }) => mean),
};
