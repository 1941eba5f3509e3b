import { type Metric, measured } from './metric.js';

export const streams: Metric = {
  column: 'streams',
  unit: 'count',
  better: null,
  description: 'Runs in flight at the same time.',
  from: measured(({ streams }) => streams),
};
