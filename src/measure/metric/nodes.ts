import { type Metric, ofModel } from './metric.js';

export const nodes: Metric = {
  column: 'nodes',
  unit: 'count',
  better: null,
  description: 'Nodes of the graph before optimisation.',
  from: ofModel(({ nodes }) => nodes),
};
