import { type Metric, measured } from './metric.js';

export const gpuTemperature: Metric = {
  column: 'gpu_temperature_c',
  unit: '°C',
  better: null,
  description: 'Temperature of the GPU when sampling ended; absent where no sensor tells.',
  from: measured(({ sensors }) => sensors?.gpu?.temperatureC ?? null),
};
