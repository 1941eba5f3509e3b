import { type Metric, ofGeneration } from './metric.js';
import { runsPerSecond } from './throughput.js';

export const decodeRate: Metric = {
  column: 'decode_tokens_per_s',
  unit: 'tokens/s',
  better: 'higher',
  description: 'Scenario generate: tokens after the first, of the whole batch, over the time of their runs.',
  from: (outcome) => {
    const runs = runsPerSecond(outcome);
    return ofGeneration((_, { itemsPerRun }) => (runs === null ? null : runs * itemsPerRun))(outcome);
  },
};
