import { type Metric, ofModel } from './metric.js';

export const modelBytes: Metric = {
  column: 'model_bytes',
  unit: 'bytes',
  better: 'lower',
  description: 'Bytes of the weights as stored.',
  from: ofModel(({ modelBytes }) => modelBytes),
};
