import type { Metric } from './metric.js';

export const timeShare: Metric = {
  column: 'time_share',
  unit: 'ratio',
  better: 'higher',
  description: 'Share of the time of nodes that the provider asked for took, in a run that is no sample.',
  from: ({ evidence }) => evidence?.placement?.timeShare ?? null,
};
