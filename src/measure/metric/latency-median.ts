import { type Metric, ofSamples } from './metric.js';

export const latencyMedian: Metric = {
  column: 'latency_median_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Median duration of one run.',
  from: ofSamples(({ median }) => median),
};
