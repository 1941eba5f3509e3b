import { loadNs } from './load-time.js';
import { type Metric, measured } from './metric.js';

export const coldStart: Metric = {
  column: 'cold_start_ns',
  unit: 'ns',
  better: 'lower',
  description: 'From nothing to the first result: load time and first run.',
  from: measured((measurement) => {
    const load = loadNs(measurement);
    return load === null ? null : load + measurement.firstRunNs;
  }),
};
