import { type Metric, ofSamples } from './metric.js';

export const latencyMax: Metric = {
  column: 'latency_max_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Longest run.',
  from: ofSamples(({ max }) => max),
};
