import type { Outcome } from '../../run/outcome.js';
import type { Metric } from './metric.js';
import { modelRunsPerSecond } from './throughput.js';

/** Null where the model's MACs are unknown or nothing was measured. */
export function achievedGflops(outcome: Outcome): number | null {
  const macs = outcome.model?.macs ?? null;
  const runs = modelRunsPerSecond(outcome);
  return macs === null || runs === null ? null : (2 * macs * runs) / 1e9;
}

export const gflops: Metric = {
  column: 'gflops',
  unit: 'GFLOP/s',
  better: 'higher',
  description: 'Achieved arithmetic rate: two operations per multiply-accumulate, times runs per second.',
  from: achievedGflops,
};
