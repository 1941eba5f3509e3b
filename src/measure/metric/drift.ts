import { type Metric, ofSamples } from './metric.js';

export const drift: Metric = {
  column: 'drift',
  unit: 'ratio',
  better: null,
  description:
    'Change of the duration over the sampling phase (Theil-Sen line over 20 windows): 0.05 is 5 % slower at its end.',
  from: ofSamples(({ drift }) => drift?.change ?? null),
};
