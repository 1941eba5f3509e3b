import { type Metric, ofGeneration } from './metric.js';

export const cacheBytes: Metric = {
  column: 'cache_bytes',
  unit: 'bytes',
  better: 'lower',
  description:
    'Scenario generate: what the model keeps of all tokens at the end (keys and values, recurrent states, those of an encoder).',
  from: ofGeneration(({ cacheBytes }) => cacheBytes),
};
