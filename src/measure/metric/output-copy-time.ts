import { partMedian } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const outputCopyTime: Metric = {
  column: 'output_copy_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Median time of copying the outputs into memory of the application, of a pipeline.',
  from: partMedian('outputNs'),
};
