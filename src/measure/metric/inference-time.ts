import { partMedian } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const inferenceTime: Metric = {
  column: 'inference_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Median time of the run itself, of a pipeline; with providers that have memory of their own, copies to and from it too.',
  from: partMedian('inferenceNs'),
};
