import { type Metric, measured } from './metric.js';

export const peakRss: Metric = {
  column: 'peak_rss_bytes',
  unit: 'bytes',
  better: 'lower',
  description: 'Largest resident set of the case process.',
  from: measured(({ peakRssBytes }) => peakRssBytes),
};
