// What became of a case: a union on `state`, so that no number exists without a measurement.

import type { Environment } from '../hardware/environment.js';
import type { RuntimeInfo } from '../runtime/session.js';
import type { Warning } from '../util/warning.js';
import type { Case } from './case.js';
import type { Evidence } from './evidence.js';
import type { CaseProfile } from './profile.js';
import type { Sensors } from './sensor-watch.js';

/** Which bound of the stopping rule ended sampling. */
export type StopReason = 'target-ci' | 'max-time' | 'max-samples' | 'interrupted';

/** Facts of the model as built or loaded; null where unknown (e.g. MACs of a foreign file). */
export interface ModelFacts {
  family: string | null;
  category: string | null;
  parameters: number | null;
  modelBytes: number | null;
  nodes: number | null;
  /** Multiply-accumulate operations of one run, at this case's batch and sequence length. */
  macs: number | null;
  /** Bytes of weights that one run has to read: a lookup counts the rows it takes, not the whole table. */
  weightReadBytes: number | null;
  /** The most bytes of inputs and results that are alive at once. */
  activationBytes: number | null;
  /** Digest of the graph and the weight rule: equal digests compute the same thing. */
  graphDigest: string | null;
}

/** Raw inputs that were prepared for a case, and how; all in words. */
export interface RawFacts {
  input: string;
  preprocessor: string;
  tokenizer: string | null;
  /** Every input of the model: whether it was written in place, copied, or made by rule because no raw input gives it. */
  placement: string;
  /** Median time of decoding the files, which no sample includes; null where nothing was decoded. */
  decodeNs: number | null;
}

/** Durations of the parts of every sample of a pipeline, in the samples' order. */
export interface PipelineParts {
  preprocessNs: number[];
  inferenceNs: number[];
  outputNs: number[];
}

export interface KernelFacts {
  /** Bytes of raw input of one run. */
  inputBytes: number;
  /** Median time of copying that input once: no kernel can be faster than to read what it is given. */
  copyNs: number;
}

export interface Measurement {
  /** Every kept duration in order of measurement, nanoseconds. */
  samplesNs: number[];
  /** Items (batch elements) of one run. */
  itemsPerRun: number;
  /** Wall time of the sampling blocks (the pauses between them left out), and the CPU time that the process used in them. */
  samplingWallNs: number;
  samplingCpuNs: number | null;
  stop: StopReason;
  warmupRuns: number;
  warmupNs: number;
  /** False: warm-up ended by its time limit before the trend was flat. */
  warmupFlat: boolean;
  firstRunNs: number;
  graphBuildNs: number | null;
  weightFillNs: number | null;
  weightBytes: number | null;
  /** Null where there is no session. */
  sessionCreateNs: number | null;
  peakRssBytes: number | null;
  streams: number;
  /** Null: the inputs were made by rule. */
  raw: RawFacts | null;
  /** Null but for pipelines. */
  parts: PipelineParts | null;
  /** Null but for kernels measured by themselves. */
  kernel: KernelFacts | null;
  /** Durations of runs with copies from and to the host, where the provider's memory is another. */
  hostSamplesNs?: number[];
  /** Durations of runs by the device's own clock, where it has one that tells. */
  deviceSamplesNs?: number[];
  /** Absent where nothing real ran. */
  sensors?: Sensors;
  /** What every sample holds for knowing that the device was done. */
  syncNs?: number;
  /** Scenario generate alone; its `samplesNs` are the runs of one token. */
  generation?: {
    /** Of every generation: its first run, which gives the first token. */
    firstTokenNs: number[];
    /** Bytes of the states after the last token. */
    cacheBytes: number;
  };
}

interface Common {
  case: Case;
  runtime: RuntimeInfo | null;
  model: ModelFacts | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  environment: Environment;
  /** What proves that the case measured what it says; absent where it did not come that far, or nothing real ran. */
  evidence?: Evidence;
  /** About this case alone; those about the machine are in `environment.warnings`. */
  warnings: Warning[];
}

export type Outcome =
  | (Common & { state: 'measured'; measurement: Measurement; profile?: CaseProfile })
  /** The run was tried and went wrong: an ORT error, a crash, a kill, a hang, wrong numbers. `partial`: what was measured before. */
  | (Common & { state: 'failed'; reason: Reason; partial?: Measurement })
  /** Not tried, on purpose: would not fit in memory, interrupted before its turn. */
  | (Common & { state: 'skipped'; reason: Reason })
  /** Cannot exist: the provider, dtype or scenario does not apply to this model. */
  | (Common & { state: 'unsupported'; reason: Reason });

export interface Reason {
  /** Stable kebab-case word, e.g. 'case-timeout', 'out-of-memory', 'ort-error', 'crash', 'wrong-output'. */
  code: string;
  /** One line for a person. */
  message: string;
}
