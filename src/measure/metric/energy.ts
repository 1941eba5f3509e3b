import { type Metric, measured } from './metric.js';

export const energy: Metric = {
  column: 'energy_per_item_j',
  unit: 'J',
  better: 'lower',
  description:
    "Energy of one item by the GPU's or the processor's own counter, the pauses between blocks included; only over windows of 10 s or more.",
  from: measured(({ sensors, samplesNs, itemsPerRun }) =>
    sensors?.energyJoules == null || samplesNs.length === 0
      ? null
      : sensors.energyJoules / (samplesNs.length * itemsPerRun),
  ),
};
