// The second latency of a provider with memory of its own: from host memory to host memory, copies included.

import { median } from '../measure/quantile.js';
import type { Session } from '../runtime/session.js';

const WARM_RUNS = 3;
const LEAST = 20;
const MOST = 1000;
const ABOUT_NS = 2e9;

/** @param deviceNs durations of bound runs, from which the number of runs follows. @returns undefined where all runs are such */
export async function hostSamples(session: Session, deviceNs: readonly number[]): Promise<number[] | undefined> {
  if (session.deviceMemory === null || session.sampleFromHost === undefined) return undefined;
  const count = Math.max(LEAST, Math.min(MOST, Math.round(ABOUT_NS / median(deviceNs))));
  await session.sampleFromHost(WARM_RUNS);
  return [...(await session.sampleFromHost(count)).durationsNs];
}
