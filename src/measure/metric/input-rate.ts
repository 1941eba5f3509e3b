import { summaryOf } from '../summary.js';
import { type Metric, measured } from './metric.js';

export const inputRate: Metric = {
  column: 'input_bytes_per_s',
  unit: 'bytes/s',
  better: 'higher',
  description: 'Raw input that a kernel measured by itself gets through, at its median duration.',
  from: measured((measurement) => {
    const summary = summaryOf(measurement);
    return measurement.kernel === null || !summary ? null : (measurement.kernel.inputBytes / summary.median) * 1e9;
  }),
};
