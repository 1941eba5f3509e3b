import type { Measurement } from '../../run/outcome.js';
import { type Metric, measured } from './metric.js';

/** Finished runs per second of the sampling blocks' wall time; null without any. */
export function runsPerSecond({ samplesNs, samplingWallNs }: Measurement): number | null {
  return samplesNs.length > 0 && samplingWallNs > 0 ? (samplesNs.length / samplingWallNs) * 1e9 : null;
}

export const throughput: Metric = {
  column: 'throughput_items_per_s',
  unit: 'items/s',
  better: 'higher',
  description: 'Items (batch elements) per second of wall time, all streams together.',
  from: measured((measurement) => {
    const runs = runsPerSecond(measurement);
    return runs === null ? null : runs * measurement.itemsPerRun;
  }),
};
