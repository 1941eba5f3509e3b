// What the metrics of a pipeline's parts share.

import type { PipelineParts } from '../run/outcome.js';
import { type Metric, measured } from './metric/metric.js';
import { median } from './quantile.js';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export function partMedian(part: keyof PipelineParts): Metric['from'] {
  return measured(({ parts }) => (parts === null ? null : median(parts[part])));
}

/** Of sums, not of medians: shares of the same time add up. */
export function partShare(part: keyof PipelineParts): Metric['from'] {
  return measured(({ parts, samplesNs }) => (parts === null ? null : sum(parts[part]) / sum(samplesNs)));
}
