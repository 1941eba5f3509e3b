import { partShare } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const outputCopyShare: Metric = {
  column: 'output_copy_share',
  unit: 'ratio',
  better: null,
  description: 'Part of the time of all samples that copying the outputs took, of a pipeline.',
  from: partShare('outputNs'),
};
