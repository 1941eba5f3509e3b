// Scenarios whose samples each need a process: runs the case again and again and makes one measurement of it.

import { Sampling } from '../measure/sampling.js';
import type { Measurement } from './outcome.js';
import type { CaseResult } from './protocol.js';
import type { RunSettings } from './settings.js';

/** Sums that describe the set: the memory is the largest, the other facts are the first process's. */
function merged(parts: readonly Measurement[]): Measurement {
  const peaks = parts.map(({ peakRssBytes }) => peakRssBytes).filter((peak) => peak !== null);
  return {
    ...parts[0]!,
    samplesNs: parts.flatMap(({ samplesNs }) => samplesNs),
    samplingWallNs: parts.reduce((sum, { samplingWallNs }) => sum + samplingWallNs, 0),
    peakRssBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** @param runOnce measures the case in a fresh process; the first result that is no measurement ends it and is the result */
export async function manyProcesses(
  settings: RunSettings,
  runOnce: (settings: RunSettings) => Promise<CaseResult>,
  cancelled: () => boolean,
): Promise<CaseResult> {
  // A block of length zero: the rule asks for one process at a time.
  const sampling = new Sampling({ ...settings.sampling, blockNs: 0 }, 1);
  const parts: Measurement[] = [];
  let last: CaseResult | null = null;
  // What the first process has proved holds for the others, which are the same.
  let first: CaseResult | null = null;
  for (let step = sampling.next(null); ; ) {
    if (step.done || (cancelled() && parts.length > 0)) {
      const stop = step.done ? step.reason : 'interrupted';
      const measured: CaseResult = { ...last!, state: 'measured', measurement: { ...merged(parts), stop } };
      return first?.evidence === undefined ? measured : { ...measured, evidence: first.evidence };
    }
    const result = await runOnce(first === null ? settings : { ...settings, verify: false, profileFolder: null });
    first ??= result;
    if (result.state === 'skipped' && parts.length > 0 && cancelled()) continue;
    if (result.state !== 'measured') return result;
    last = result;
    parts.push(result.measurement);
    const { samplesNs, samplingWallNs } = result.measurement;
    step = sampling.next({ durationsNs: Float64Array.from(samplesNs), wallNs: samplingWallNs });
  }
}
