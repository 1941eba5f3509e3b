import type { Metric } from './metric.js';
import { partShare } from './pipeline-part.js';

export const handoverShare: Metric = {
  column: 'handover_share',
  unit: 'ratio',
  better: null,
  description: 'Part of the time of all samples that this way took, of a pipeline.',
  from: partShare('handoverNs'),
};
