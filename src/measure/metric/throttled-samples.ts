import { type Metric, measured } from './metric.js';

export const throttledSamples: Metric = {
  column: 'throttled_samples',
  unit: 'count',
  better: 'lower',
  description: 'Samples taken while the GPU held back its clock for heat or power; absent where no GPU tells.',
  from: measured(({ sensors }) =>
    sensors?.throttled == null ? null : sensors.throttled.reduce((sum, [from, to]) => sum + to - from, 0),
  ),
};
