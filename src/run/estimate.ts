// What a case will take, told before it runs.

import type { Case } from './case.js';
import { neededBytes } from './memory.js';
import type { RunSettings } from './settings.js';
import { openSource } from './source.js';

export interface Estimate {
  /** Null where the size of the model is unknown. */
  memoryBytes: number | null;
  /** Between what the bounds of the stopping rule allow. */
  leastNs: number;
  mostNs: number;
}

/** Starting a process and loading a runtime. */
const START_NS = 0.5e9;
/** Making or reading weights and creating a session, at a rate that slow disks and machines reach. */
const OPEN_NS_PER_BYTE = 2;

/** Loads the model's page or looks at its file, but opens no session. @throws UsageError, UnsupportedError */
export async function estimate(work: Case, settings: RunSettings): Promise<Estimate> {
  const { facts } = await openSource(work, settings);
  const openNs = START_NS + (facts.modelBytes ?? 0) * OPEN_NS_PER_BYTE;
  const { sampling, warmUp } = settings;
  const memoryBytes = neededBytes(facts);
  if (work.scenario === 'cold-start') {
    const leastNs = openNs * sampling.minSamples;
    return {
      memoryBytes,
      leastNs: Math.min(leastNs, openNs + sampling.maxTimeNs),
      mostNs: leastNs + sampling.maxTimeNs,
    };
  }
  return {
    memoryBytes,
    leastNs: openNs + 3 * warmUp.windowNs + Math.min(sampling.minTimeNs, sampling.maxTimeNs),
    mostNs: openNs + warmUp.maxTimeNs + sampling.maxTimeNs,
  };
}
