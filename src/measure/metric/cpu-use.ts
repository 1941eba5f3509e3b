import { type Metric, measured } from './metric.js';

export const cpuUse: Metric = {
  column: 'cpu_use',
  unit: 'ratio',
  better: null,
  description: 'CPU time of the process over wall time while sampling: 2 is two cores busy.',
  from: measured(({ samplingCpuNs, samplingWallNs }) =>
    samplingCpuNs === null || samplingWallNs === 0 ? null : samplingCpuNs / samplingWallNs,
  ),
};
