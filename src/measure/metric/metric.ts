// What a metric is. One file per metric beside this one; index.ts names them in the order of their columns.

import type { Measurement, ModelFacts, Outcome } from '../../run/outcome.js';
import { type Summary, summaryOf } from '../summary.js';

export type Unit =
  | 'ns'
  | 'bytes'
  | 'bytes/s'
  | 'items/s'
  | 'tokens/s'
  | 'GFLOP/s'
  | 'ratio'
  | 'count'
  | 'J'
  | 'W'
  | 'MHz'
  | '°C';

export interface Metric {
  /** Column name in every export: snake_case, with its unit where it has one. */
  column: string;
  unit: Unit;
  /** Which way is good; null where neither is. */
  better: 'lower' | 'higher' | null;
  description: string;
  /** Null where it was not measured or does not apply; never 0 for unknown. */
  from: (outcome: Outcome) => number | null;
}

/** Reads a measured case; null in any other state, whatever was measured before it failed. */
export function measured(read: (measurement: Measurement, outcome: Outcome) => number | null): Metric['from'] {
  return (outcome) => (outcome.state === 'measured' ? read(outcome.measurement, outcome) : null);
}

/** Reads the summary of a measured case's samples. */
export function ofSamples(read: (summary: Summary) => number | null): Metric['from'] {
  return measured((measurement) => {
    const summary = summaryOf(measurement);
    return summary && read(summary);
  });
}

type GenerationSamples = NonNullable<Measurement['generation']>;

/** Reads what scenario generate measured; null for the other scenarios. */
export function ofGeneration(
  read: (
    samples: GenerationSamples,
    measurement: Measurement,
    asked: NonNullable<Outcome['case']['generation']>,
  ) => number | null,
): Metric['from'] {
  return measured((measurement, outcome) => {
    const asked = outcome.case.generation;
    return measurement.generation && asked ? read(measurement.generation, measurement, asked) : null;
  });
}

/** Reads the model's facts, which are known of a case that failed too. */
export function ofModel(read: (model: ModelFacts) => number | null): Metric['from'] {
  return (outcome) => outcome.model && read(outcome.model);
}

const CPU_PROVIDERS = new Set(['cpu', 'xnnpack', 'dnnl']);

/** Whether the machine's own peaks (measured on its CPU) are a fair limit for this case. */
export function runsOnCpu(outcome: Outcome): boolean {
  return CPU_PROVIDERS.has(outcome.case.provider);
}
