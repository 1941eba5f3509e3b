import { type Metric, ofSamples } from './metric.js';

export const latencyMedian: Metric = {
  column: 'latency_median_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Median duration of one sample: one run, in scenario generate one run of one token (the time per output token).',
  from: ofSamples(({ median }) => median),
};
