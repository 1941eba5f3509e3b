// The third latency of CUDA: from event to event on the device, which leaves out what the host does after the device is done. The
// session computes in a stream of ours then, which is not how a session is by itself; so it is another one, opened when the
// samples are taken and the first is closed, as both might not fit.

import type { Runtime, SessionRequest } from '../runtime/session.js';
import { oneLine } from '../util/one-line.js';
import type { Warning } from '../util/warning.js';
import type { Case } from './case.js';
import { openSession } from './encoded-session.js';
import { bindAndRun } from './first-run.js';
import { furtherRuns, WARM_RUNS } from './further-runs.js';
import type { OpenedSource } from './source.js';

/** A session that takes longer to open (weights of many gigabytes, engines built) is not opened twice for one number. */
const LONGEST_OPENING_NS = 10e9;

export type DeviceSamples = { samplesNs: number[] } | { warning: Warning } | null;

/**
 * @param openedNs what opening the case's own session took
 * @param samplesNs of that session, from which the number of runs follows
 * @returns null where the device has no events. Never rejects: the case's own samples are taken
 */
export async function deviceSamples(
  work: Case,
  runtime: Runtime,
  request: SessionRequest,
  opened: OpenedSource,
  openedNs: number,
  samplesNs: readonly number[],
): Promise<DeviceSamples> {
  if (work.runtime !== 'native' || (work.provider !== 'cuda' && work.provider !== 'tensorrt')) return null;
  if (openedNs > LONGEST_OPENING_NS) return null;
  try {
    const session = await openSession(runtime, { ...request, deviceEvents: true }, opened);
    await bindAndRun(session, opened);
    await session.sampleOnDevice?.(WARM_RUNS);
    const block = await session.sampleOnDevice?.(furtherRuns(samplesNs));
    await session.close();
    return block ? { samplesNs: [...block.durationsNs] } : null;
  } catch (error) {
    const message = `No times by the device's own clock: ${oneLine((error as Error).message)}`;
    return { warning: { code: 'device-events', message, advice: 'The latencies are those of the host and stand.' } };
  }
}
