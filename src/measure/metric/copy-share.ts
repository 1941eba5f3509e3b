import { summaryOf } from '../summary.js';
import { type Metric, measured } from './metric.js';

export const copyShare: Metric = {
  column: 'copy_share',
  unit: 'ratio',
  better: 'higher',
  description: 'Median time of copying the raw input once over the median of the kernel: how near it is to the floor.',
  from: measured((measurement) => {
    const summary = summaryOf(measurement);
    return measurement.kernel === null || !summary ? null : measurement.kernel.copyNs / summary.median;
  }),
};
