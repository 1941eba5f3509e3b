import { type Metric, ofSamples } from './metric.js';

export const latencyStandardDeviation: Metric = {
  column: 'latency_standard_deviation_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Standard deviation of the durations (n - 1 in the denominator).',
  from: ofSamples(({ standardDeviation }) => standardDeviation),
};
