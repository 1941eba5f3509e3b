import type { Metric } from './metric.js';
import { partMedian } from './pipeline-part.js';

export const handoverTime: Metric = {
  column: 'handover_ns',
  unit: 'ns',
  better: 'lower',
  description: "Median time from JavaScript's thread to the session's, of a pipeline.",
  from: partMedian('handoverNs'),
};
