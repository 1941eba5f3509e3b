// Runs behind the samples, for a latency that is measured beside them: enough for a median, in about two seconds.

import { median } from '../measure/quantile.js';

const LEAST = 20;
const MOST = 1000;
const ABOUT_NS = 2e9;

/** Untimed ones before them. */
export const WARM_RUNS = 3;

/** @param samplesNs of the case, from which the number of runs follows */
export function furtherRuns(samplesNs: readonly number[]): number {
  return Math.max(LEAST, Math.min(MOST, Math.round(ABOUT_NS / median(samplesNs))));
}
