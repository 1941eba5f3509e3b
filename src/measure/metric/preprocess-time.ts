import { partMedian } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const preprocessTime: Metric = {
  column: 'preprocess_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Median time of preparing the raw input, of a pipeline; decoding of files is no part of it.',
  from: partMedian('preprocessNs'),
};
