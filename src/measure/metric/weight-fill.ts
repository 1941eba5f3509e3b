import { type Metric, measured } from './metric.js';

export const weightFill: Metric = {
  column: 'weight_fill_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Filling or reading the weights into memory; absent where the runtime does that itself.',
  from: measured(({ weightFillNs }) => weightFillNs),
};
