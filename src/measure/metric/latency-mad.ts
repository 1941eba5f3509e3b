import { type Metric, ofSamples } from './metric.js';

export const latencyMad: Metric = {
  column: 'latency_mad_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Median absolute deviation of the durations from their median (not scaled).',
  from: ofSamples(({ mad }) => mad),
};
