import { type Metric, ofSamples } from './metric.js';

export const latencyP95: Metric = {
  column: 'latency_p95_ns',
  unit: 'ns',
  better: 'lower',
  description: '95th percentile of the durations; absent below 130 samples (MLPerf LoadGen early-stopping rule).',
  from: ofSamples(({ p95 }) => p95),
};
