import { type Metric, measured } from './metric.js';

export const weightFillRate: Metric = {
  column: 'weight_fill_bytes_per_s',
  unit: 'bytes/s',
  better: 'higher',
  description: 'Weight bytes filled per second.',
  from: measured(({ weightFillNs, weightBytes }) =>
    weightFillNs === null || weightBytes === null || weightFillNs === 0 ? null : (weightBytes / weightFillNs) * 1e9,
  ),
};
