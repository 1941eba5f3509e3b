import { type Metric, measured } from './metric.js';

export const gpuClock: Metric = {
  column: 'gpu_clock_mhz',
  unit: 'MHz',
  better: null,
  description: 'Clock of the GPU when sampling ended; absent where no sensor tells.',
  from: measured(({ sensors }) => sensors?.gpu?.smClockMHz ?? null),
};
