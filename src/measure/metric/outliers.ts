import { type Metric, ofSamples } from './metric.js';

export const outliers: Metric = {
  column: 'outliers',
  unit: 'count',
  better: null,
  description: 'Samples beyond three interquartile ranges outside the quartiles: marked, never dropped.',
  from: ofSamples(({ outliers }) => outliers?.length ?? null),
};
