// The second latency of a provider with memory of its own: from host memory to host memory, copies included.

import type { Session } from '../runtime/session.js';
import { furtherRuns, WARM_RUNS } from './further-runs.js';

/** @param deviceNs durations of bound runs, from which the number of runs follows. @returns undefined where all runs are such */
export async function hostSamples(session: Session, deviceNs: readonly number[]): Promise<number[] | undefined> {
  if (session.deviceMemory === null || session.sampleFromHost === undefined) return undefined;
  await session.sampleFromHost(WARM_RUNS);
  return [...(await session.sampleFromHost(furtherRuns(deviceNs))).durationsNs];
}
