import { partShare } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const preprocessShare: Metric = {
  column: 'preprocess_share',
  unit: 'ratio',
  better: null,
  description: 'Part of the time of all samples that preparing took, of a pipeline.',
  from: partShare('preprocessNs'),
};
