import { type Metric, ofGeneration } from './metric.js';

export const prefillRate: Metric = {
  column: 'prefill_tokens_per_s',
  unit: 'tokens/s',
  better: 'higher',
  description:
    'Scenario generate: tokens of the prompts, of the whole batch, over the time to the first token in all generations.',
  from: ofGeneration(({ firstTokenNs }, { itemsPerRun }, { prompt }) => {
    const totalNs = firstTokenNs.reduce((sum, ns) => sum + ns, 0);
    return prompt === null || totalNs === 0 ? null : ((prompt * itemsPerRun * firstTokenNs.length) / totalNs) * 1e9;
  }),
};
