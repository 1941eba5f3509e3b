import { type Metric, measured } from './metric.js';

export const energyWindow: Metric = {
  column: 'energy_window_ns',
  unit: 'ns',
  better: null,
  description: 'Time over which the energy was counted; absent where there is none.',
  from: measured(({ sensors }) => (sensors?.energyJoules == null ? null : sensors.windowNs)),
};
