import { type Metric, measured } from './metric.js';

export const graphBuild: Metric = {
  column: 'graph_build_ns',
  unit: 'ns',
  better: 'lower',
  description: 'Building the graph; absent for a model file.',
  from: measured(({ graphBuildNs }) => graphBuildNs),
};
