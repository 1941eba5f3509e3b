import { median } from '../quantile.js';
import { type Metric, ofGeneration } from './metric.js';

export const firstToken: Metric = {
  column: 'first_token_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Scenario generate: median time to the first token, which is the run over the whole prompt, the encoder included where there is one.',
  from: ofGeneration(({ firstTokenNs }) => (firstTokenNs.length > 0 ? median(firstTokenNs) : null)),
};
