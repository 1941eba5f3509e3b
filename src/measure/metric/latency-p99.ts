import { type Metric, ofSamples } from './metric.js';

export const latencyP99: Metric = {
  column: 'latency_p99_ns',
  unit: 'ns',
  better: 'lower',
  description: '99th percentile of the durations; absent below 662 samples (MLPerf LoadGen early-stopping rule).',
  from: ofSamples(({ p99 }) => p99),
};
