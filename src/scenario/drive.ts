// Warm-up and sampling by the rules of src/measure: their state machines ask for samples, whoever has a session delivers.

import { type Block, Sampling } from '../measure/sampling.js';
import { WarmUp } from '../measure/warm-up.js';
import type { Sampled, ScenarioContext } from './scenario.js';

export type DriveContext = Omit<ScenarioContext, 'session' | 'prepare' | 'nowNs'>;

/**
 * Null when it was cancelled before the first sample.
 * @param sample takes the next samples, as many as it is asked for; fewer once cancelled
 */
export async function drive(context: DriveContext, sample: (count: number) => Promise<Block>): Promise<Sampled | null> {
  const { streams } = context;
  const warmUp = new WarmUp(context.warmUp, context.firstRunNs);
  let warm = warmUp.next(null);
  while (!warm.done) {
    if (context.cancelled()) return null;
    warm = warmUp.next(await sample(warm.runs));
    context.onProgress('warm-up', Math.min(1, warmUp.wallNs / context.warmUp.maxTimeNs));
  }
  if (warm.reason === 'interrupted') return null;

  const sampling = new Sampling(context.sampling, warmUp.runNs);
  context.onProgress('sample', 0);
  let step = sampling.next(null);
  while (!step.done) {
    if (context.cancelled()) {
      step = { done: true, reason: 'interrupted' };
      break;
    }
    step = sampling.next(await sample(step.runs));
    const { maxTimeNs, maxSamples } = context.sampling;
    const fraction = Math.max(sampling.wallNs / maxTimeNs, sampling.samplesNs.length / maxSamples);
    context.onProgress('sample', Math.min(1, fraction));
  }
  if (sampling.samplesNs.length === 0) return null;
  return {
    samplesNs: [...sampling.samplesNs],
    samplingWallNs: sampling.wallNs,
    samplingCpuNs: sampling.cpuNs,
    stop: step.reason,
    warmupRuns: warmUp.runs,
    warmupNs: warmUp.wallNs,
    warmupFlat: warm.reason === 'flat',
    streams,
  };
}
