import { type Metric, ofSamples } from './metric.js';

export const samples: Metric = {
  column: 'samples',
  unit: 'count',
  better: null,
  description: 'Number of timed runs kept.',
  from: ofSamples(({ samples }) => samples),
};
