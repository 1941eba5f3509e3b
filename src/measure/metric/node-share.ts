import type { Metric } from './metric.js';

export const nodeShare: Metric = {
  column: 'node_share',
  unit: 'ratio',
  better: 'higher',
  description: 'Share of the nodes that the provider asked for ran.',
  from: ({ evidence }) => evidence?.placement?.nodeShare ?? null,
};
