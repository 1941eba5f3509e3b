import { type Metric, ofModel } from './metric.js';

export const macs: Metric = {
  column: 'macs',
  unit: 'count',
  better: null,
  description: 'Multiply-accumulate operations of one run, by the shapes of its products and convolutions.',
  from: ofModel(({ macs }) => macs),
};
