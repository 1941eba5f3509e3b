// What about a measurement makes its numbers less trustworthy, and what to do about it.

import type { Measurement } from '../run/outcome.js';
import type { ClockInfo } from '../runtime/session.js';
import { formatDuration, formatPercent } from '../util/number-format.js';
import type { Warning } from '../util/warning.js';
import { MIN_SAMPLES_FOR_INTERVAL } from './median-interval.js';
import { summaryOf } from './summary.js';

/** A trend this strong comes up in one of a hundred series without one (two-sided). */
const CERTAIN_Z = 2.576;
const WORTH_SAYING = 0.02;

/** @param targetHalfWidth what the stopping rule aimed at, relative to the median */
export function measurementWarnings(
  measurement: Measurement,
  clock: ClockInfo | null,
  targetHalfWidth: number,
): Warning[] {
  const summary = summaryOf(measurement);
  if (!summary) return [];
  const { median, interval, drift, samples } = summary;
  const halfWidth = interval && (interval.high - interval.low) / 2 / median;
  const clockNs = clock ? Math.max(clock.readNs, clock.resolutionNs) : 0;
  const warnings: (Warning | false)[] = [
    !measurement.warmupFlat && {
      code: 'warm-up-short',
      message: `Runs were still changing when warm-up ended after ${formatDuration(measurement.warmupNs)}`,
      advice: 'Give it more time, or quieten the machine.',
    },
    samples < MIN_SAMPLES_FOR_INTERVAL && {
      code: 'few-samples',
      message: `Only ${samples} run${samples === 1 ? ' was' : 's were'} measured: too few for a confidence interval`,
      advice: 'Raise `--max-time`.',
    },
    halfWidth !== null &&
      halfWidth > targetHalfWidth && {
        code: 'wide-interval',
        message: `The median is known to ±${formatPercent(halfWidth, 2)} only, not to ±${formatPercent(targetHalfWidth, 2)}`,
        advice: 'Raise `--max-time`, or quieten the machine.',
      },
    drift !== null &&
      Math.abs(drift.z) > CERTAIN_Z &&
      Math.abs(drift.change) > WORTH_SAYING && {
        code: 'drift',
        message: `Runs became ${formatPercent(Math.abs(drift.change), 2)} ${drift.change > 0 ? 'slower' : 'faster'} while sampling`,
        advice: 'Heat, clock changes or other work: let the machine settle and repeat.',
      },
    (measurement.sensors?.throttled?.length ?? 0) > 0 && {
      code: 'gpu-throttled',
      message: 'The GPU held back its clock for heat or power during some samples',
      advice: 'Cool it, raise its power limit, or lock its clock with `nvidia-smi -lgc`.',
    },
    clockNs > median / 100 && {
      code: 'coarse-clock',
      message: `A run takes ${formatDuration(median)}, the clock can tell ${formatDuration(clockNs)}`,
      advice: 'Use a larger batch.',
    },
  ];
  return warnings.filter((warning) => warning !== false);
}
