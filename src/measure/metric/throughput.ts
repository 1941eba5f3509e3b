import type { Outcome } from '../../run/outcome.js';
import type { Metric } from './metric.js';

/**
 * Finished runs per second of the sampling blocks' wall time, in scenario generate runs of one token per second of their own time;
 * null without any, and for cold starts, which are more than runs.
 */
export function runsPerSecond(outcome: Outcome): number | null {
  if (outcome.state !== 'measured' || outcome.case.scenario === 'cold-start') return null;
  const { samplesNs, samplingWallNs, generation } = outcome.measurement;
  const timeNs = generation ? samplesNs.reduce((sum, ns) => sum + ns, 0) : samplingWallNs;
  return samplesNs.length > 0 && timeNs > 0 ? (samplesNs.length / timeNs) * 1e9 : null;
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
  description:
    'Items (batch elements) per second of wall time, all streams together; scenario generate counts tokens instead.',
  from: (outcome) => {
    const runs = runsPerSecond(outcome);
    return runs === null || outcome.state !== 'measured' || outcome.measurement.generation
      ? null
      : runs * outcome.measurement.itemsPerRun;
  },
};
