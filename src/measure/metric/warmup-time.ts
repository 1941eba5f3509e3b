import { type Metric, measured } from './metric.js';

export const warmupTime: Metric = {
  column: 'warmup_time_ns',
  unit: 'ns',
  better: null,
  description: 'Wall time of the warm-up runs.',
  from: measured(({ warmupNs }) => warmupNs),
};
