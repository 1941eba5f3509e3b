import { type Metric, measured } from './metric.js';

export const samplingTime: Metric = {
  column: 'sampling_time_ns',
  unit: 'ns',
  better: null,
  description: 'Wall time of the sampling blocks.',
  from: measured(({ samplingWallNs }) => samplingWallNs),
};
