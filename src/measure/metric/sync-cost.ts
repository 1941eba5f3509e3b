import { type Metric, measured } from './metric.js';

export const syncCost: Metric = {
  column: 'sync_cost_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Part of every sample that went into knowing that the device was done; absent where the provider itself waits.',
  from: measured(({ syncNs }) => syncNs ?? null),
};
