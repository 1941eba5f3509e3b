import { type Metric, ofModel } from './metric.js';

export const parameters: Metric = {
  column: 'parameters',
  unit: 'count',
  better: null,
  description: 'Parameters of the model.',
  from: ofModel(({ parameters }) => parameters),
};
