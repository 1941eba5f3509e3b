import { type Metric, ofSamples } from './metric.js';

export const autocorrelation: Metric = {
  column: 'autocorrelation',
  unit: 'ratio',
  better: null,
  description: 'Correlation of each sample with the next one.',
  from: ofSamples(({ autocorrelation }) => autocorrelation),
};
