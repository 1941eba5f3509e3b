import type { Metric } from './metric.js';

export const outputError: Metric = {
  column: 'output_error',
  unit: 'ratio',
  better: 'lower',
  description: "Relative L2 error of the worst output against the CPU provider's; absent where nothing was compared.",
  from: ({ evidence }) => {
    const verification = evidence?.verification;
    // Infinite, of outputs that are not finite, is no number of a report.
    return verification !== undefined && 'error' in verification && Number.isFinite(verification.error)
      ? verification.error
      : null;
  },
};
