import { type Metric, ofSamples } from './metric.js';

export const effectiveSamples: Metric = {
  column: 'effective_samples',
  unit: 'count',
  better: null,
  description: 'Number of independent samples that would tell the median as well: runs of one process hang together.',
  from: ofSamples(({ interval }) => interval && Math.floor(interval.effectiveSamples)),
};
