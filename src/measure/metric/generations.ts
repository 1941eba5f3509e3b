import { type Metric, ofGeneration } from './metric.js';

export const generations: Metric = {
  column: 'generations',
  unit: 'count',
  better: null,
  description: 'Scenario generate: generations measured, each one sample of the time to the first token.',
  from: ofGeneration(({ firstTokenNs }) => firstTokenNs.length),
};
