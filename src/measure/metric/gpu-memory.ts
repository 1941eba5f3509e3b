import { type Metric, measured } from './metric.js';

export const gpuMemory: Metric = {
  column: 'gpu_memory_bytes',
  unit: 'bytes',
  better: 'lower',
  description: 'Memory of the GPU in use when sampling ended, by all processes together; absent where no sensor tells.',
  from: measured(({ sensors }) => sensors?.gpu?.memoryUsedBytes ?? null),
};
