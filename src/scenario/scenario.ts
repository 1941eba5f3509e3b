// What a scenario is: a way to drive an open session so that its samples answer one question.

import type { SamplingRule } from '../measure/sampling.js';
import type { WarmUpRule } from '../measure/warm-up.js';
import type { Measurement, PipelineParts } from '../run/outcome.js';
import type { Generation, Session } from '../runtime/session.js';

export interface ScenarioContext {
  /** Bound to its inputs, and past its first run. */
  session: Session;
  /** Prepares the raw inputs anew, where the session reads them; null where there are none. */
  prepare: (() => void) | null;
  /** The clock that times runs. */
  nowNs(): number;
  firstRunNs: number;
  warmUp: WarmUpRule;
  sampling: SamplingRule;
  /** Runs at the same time; only throughput has more than one. */
  streams: number;
  /** What a generation does; null for the other scenarios. */
  generation: Generation | null;
  /** True once the user asked to stop: no further block is started. */
  cancelled(): boolean;
  /** @param fraction how far the phase is towards the bound that is nearest, 0 to 1 */
  onProgress(phase: 'warm-up' | 'sample', fraction: number): void;
}

export type Sampled = Pick<
  Measurement,
  | 'samplesNs'
  | 'samplingWallNs'
  | 'samplingCpuNs'
  | 'stop'
  | 'warmupRuns'
  | 'warmupNs'
  | 'warmupFlat'
  | 'streams'
  | 'generation'
> & { parts?: PipelineParts };

export interface ScenarioPage {
  /** What one sample is, in words. */
  sample: string;
  /** `many`: every sample needs a process of its own, and the stopping rule counts processes. */
  processes: 'one' | 'many';
  /** Null when it was cancelled before the first sample. */
  measure(context: ScenarioContext): Promise<Sampled | null>;
}
