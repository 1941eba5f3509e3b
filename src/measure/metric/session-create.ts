import { type Metric, measured } from './metric.js';

export const sessionCreate: Metric = {
  column: 'session_create_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Creating the session: optimising the graph and preparing the kernels.',
  from: measured(({ sessionCreateNs }) => sessionCreateNs),
};
