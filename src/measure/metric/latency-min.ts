import { type Metric, ofSamples } from './metric.js';

export const latencyMin: Metric = {
  column: 'latency_min_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Shortest run.',
  from: ofSamples(({ min }) => min),
};
