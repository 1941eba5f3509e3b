import { partShare } from '../pipeline-part.js';
import type { Metric } from './metric.js';

export const inferenceShare: Metric = {
  column: 'inference_share',
  unit: 'ratio',
  better: null,
  description: 'Part of the time of all samples that the runs took, of a pipeline.',
  from: partShare('inferenceNs'),
};
