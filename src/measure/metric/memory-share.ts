import { type Metric, runsOnCpu } from './metric.js';
import { modelRunsPerSecond } from './throughput.js';

export const memoryShare: Metric = {
  column: 'memory_share',
  unit: 'ratio',
  better: 'higher',
  description:
    'Rate at which weights are read over the memory rate measured on this machine; above 1 they stay in cache. CPU providers only.',
  from: (outcome) => {
    const peak = outcome.environment.peaks?.memoryBytesPerSecond ?? null;
    const bytes = outcome.model?.weightReadBytes ?? null;
    const runs = modelRunsPerSecond(outcome);
    return peak === null || bytes === null || runs === null || !runsOnCpu(outcome) ? null : (bytes * runs) / peak;
  },
};
