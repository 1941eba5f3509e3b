import { achievedGflops } from './gflops.js';
import { type Metric, runsOnCpu } from './metric.js';

export const gemmShare: Metric = {
  column: 'gemm_share',
  unit: 'ratio',
  better: 'higher',
  description:
    'Achieved arithmetic rate over the fp32 matrix-product rate measured on this machine with all its cores; CPU providers only.',
  from: (outcome) => {
    const peak = outcome.environment.peaks?.gemmGflops ?? null;
    const rate = achievedGflops(outcome);
    return peak === null || rate === null || !runsOnCpu(outcome) ? null : rate / peak;
  },
};
