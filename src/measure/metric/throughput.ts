import type { Outcome } from '../../run/outcome.js';
import type { Metric } from './metric.js';

/** Finished runs per second of the sampling blocks' wall time; null without any, and for cold starts, which are more than runs. */
export function runsPerSecond(outcome: Outcome): number | null {
  if (outcome.state !== 'measured' || outcome.case.scenario === 'cold-start') return null;
  const { samplesNs, samplingWallNs } = outcome.measurement;
  return samplesNs.length > 0 && samplingWallNs > 0 ? (samplesNs.length / samplingWallNs) * 1e9 : null;
}

/** Runs of the model alone: of a pipeline, what its inference part allows. */
export function modelRunsPerSecond(outcome: Outcome): number | null {
  const parts = outcome.state === 'measured' ? outcome.measurement.parts : null;
  if (parts === null) return runsPerSecond(outcome);
  const totalNs = parts.inferenceNs.reduce((sum, ns) => sum + ns, 0);
  return totalNs > 0 ? (parts.inferenceNs.length / totalNs) * 1e9 : null;
}

export const throughput: Metric = {
  column: 'throughput_items_per_s',
  unit: 'items/s',
  better: 'higher',
  description: 'Items (batch elements) per second of wall time, all streams together.',
  from: (outcome) => {
    const runs = runsPerSecond(outcome);
    return runs === null || outcome.state !== 'measured' ? null : runs * outcome.measurement.itemsPerRun;
  },
};
