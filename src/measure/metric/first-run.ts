import { type Metric, measured } from './metric.js';

export const firstRun: Metric = {
  column: 'first_run_ns',
  unit: 'ns',
  better: 'lower',
  description: 'The very first run of the session, in no other statistic.',
  from: measured(({ firstRunNs }) => firstRunNs),
};
