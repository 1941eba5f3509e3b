import { type Metric, ofSamples } from './metric.js';

export const latencyP90: Metric = {
  column: 'latency_p90_ns',
  unit: 'ns',
  better: 'lower',
  description: '90th percentile of the durations; absent below 64 samples (MLPerf LoadGen early-stopping rule).',
  from: ofSamples(({ p90 }) => p90),
};
