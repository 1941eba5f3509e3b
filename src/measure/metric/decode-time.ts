import { type Metric, measured } from './metric.js';

export const decodeTime: Metric = {
  column: 'decode_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Median time of decoding the files given as raw input; no part of any sample.',
  from: measured(({ raw }) => raw?.decodeNs ?? null),
};
