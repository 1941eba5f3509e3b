import { median } from '../quantile.js';
import { type Metric, measured } from './metric.js';

export const deviceTime: Metric = {
  column: 'device_time_median_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'Median of runs from event to event on the device, by its own clock (CUDA events), in a session of its own; absent where there are none.',
  from: measured(({ deviceSamplesNs }) => (deviceSamplesNs?.length ? median(deviceSamplesNs) : null)),
};
