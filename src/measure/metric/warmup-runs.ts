import { type Metric, measured } from './metric.js';

export const warmupRuns: Metric = {
  column: 'warmup_runs',
  unit: 'count',
  better: null,
  description: 'Runs between the first one and the samples, in no statistic.',
  from: measured(({ warmupRuns }) => warmupRuns),
};
