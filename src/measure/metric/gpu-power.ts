import { type Metric, measured } from './metric.js';

export const gpuPower: Metric = {
  column: 'gpu_power_w',
  unit: 'W',
  better: null,
  description:
    'Power of the GPU when sampling ended, by its own average over some tens of milliseconds; absent where no sensor tells.',
  from: measured(({ sensors }) => (sensors?.gpu?.powerMilliwatts == null ? null : sensors.gpu.powerMilliwatts / 1000)),
};
