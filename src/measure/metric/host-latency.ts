import { median } from '../quantile.js';
import { type Metric, measured } from './metric.js';

export const hostLatency: Metric = {
  column: 'host_latency_median_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Median of runs from host memory to host memory, copies included; absent where the provider computes in host memory.',
  from: measured(({ hostSamplesNs }) => (hostSamplesNs?.length ? median(hostSamplesNs) : null)),
};
