// What every runtime (native addon, onnxruntime-node, browser page, fake) offers. Nothing above this layer knows more.

import type { DType, HostTensor, ValueInfo } from '../util/tensor.js';
import type { WeightSpec } from '../util/weight.js';

export type { WeightSpec } from '../util/weight.js';

/** Cost and resolution of the clock that times the samples, measured when the runtime starts. */
export interface ClockInfo {
  source: string;
  /** Time of one read: the median of many back-to-back pairs. */
  readNs: number;
  /** Smallest step seen between two different readings. */
  resolutionNs: number;
}

export interface RuntimeInfo {
  name: 'native' | 'node' | 'fake';
  /** ONNX Runtime's version, e.g. '1.30.0'. */
  ortVersion: string;
  /** C API version agreed on; null for runtimes that do not speak the C API. */
  apiVersion: number | null;
  libraryPath: string | null;
  buildInfo: string | null;
  /** Providers compiled into the library, in its order. Being listed does not mean that one can start. */
  providers: string[];
  clock: ClockInfo;
}

export type ModelSource =
  | { kind: 'file'; path: string }
  /** ModelProto bytes whose external initializers are all named in `weights`. */
  | { kind: 'graph'; bytes: Uint8Array; weights: WeightSpec[] };

export interface SessionRequest {
  source: ModelSource;
  provider: string;
  providerOptions: Record<string, string>;
  /** 0 lets ONNX Runtime choose. */
  intraOpThreads: number;
  interOpThreads: number;
  optimization: 'disabled' | 'basic' | 'extended' | 'all';
  spinning: boolean;
  memoryPattern: boolean;
  cpuArena: boolean;
  denormalsAsZero: boolean;
  /** Prefix of the profile file; absent: no profiling. */
  profilePrefix?: string;
  /** For `sampleOnDevice`, where the provider has events. */
  deviceEvents?: boolean;
  /** Raw session config entries. */
  config: Record<string, string>;
  /** Values of symbolic dimensions, fixed before optimisation. */
  freeDimensions: Record<string, number>;
}

/** Durations of the parts of opening a session, in nanoseconds; null where the runtime cannot tell. */
export interface OpenTimes {
  weightFillNs: number | null;
  weightBytes: number | null;
  sessionCreateNs: number;
}

/** Nodes that one provider was given when the session was made. */
export interface Assignment {
  provider: string;
  nodes: { name: string; domain: string; op: string }[];
}

export interface Block {
  durationsNs: Float64Array;
  wallNs: number;
  cpuNs: number;
}

/** An output whose value becomes an input. */
export interface Link {
  output: string;
  input: string;
}

/** An input that is another one in every run after the first. */
export interface StepFeed {
  name: string;
  dtype: DType;
  /** Of the second run. */
  shape: number[];
  /** The axis that is one longer in every further run; null: none. */
  grows: number | null;
  /** Elements between the values of one run and those of the next in `data`; 0: all runs read from the front. */
  stride: number;
  data: Uint8Array;
}

/** Runs that each go on where the one before ended: a prompt, then token by token. */
export interface Generation {
  /** What a run gives as the output, the next one takes as the input. */
  states: Link[];
  steps: StepFeed[];
  /** The first, which takes the bound inputs, and those after it. */
  runs: number;
}

/** Its durations are of the runs in order; fewer when `cancel` was called. */
export interface GenerationBlock extends Block {
  /** Of the states that the last run gave, and of what another session gave once for all runs. */
  cacheBytes: number;
}

export interface Session {
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly openTimes: OpenTimes;
  /**
   * Places the inputs once where the provider wants them; outputs stay there too and are reused.
   * @param source outputs of another session of this runtime, past a run, that are inputs here: bound as they lie
   */
  bind(feeds: Record<string, HostTensor>, source?: { session: Session; links: Link[] }): Promise<void>;
  /** As `bind`, but runs read the memory of the feeds itself: what is written there later counts for `runAndRead`. */
  bindShared?(feeds: Record<string, HostTensor>): Promise<void>;
  /** One run outside any statistics, e.g. the first one. Returns its duration in nanoseconds. */
  runOnce(): Promise<number>;
  /** Copies the outputs of the last run to the host. */
  readOutputs(): Promise<Record<string, HostTensor>>;
  /**
   * One run on the inputs as they are now, then its outputs in host memory that is used again every time; moments on the
   * runtime's clock. May hold up JavaScript's thread: the way to another one would cost more than a small model's run.
   */
  runAndRead?(): Promise<{ beginNs: number; ranNs: number; endNs: number }>;
  /**
   * Runs `count` times and returns each duration in nanoseconds (fewer when `cancel` was called: what was measured is kept).
   * With `streams` above 1, that many threads run at the same time and `count` is the number of runs of them together.
   */
  sample(count: number, streams?: number): Promise<Block>;
  /**
   * One generation from the bound inputs on. States stay where the provider makes them; making the inputs of a run ready is no part
   * of its duration.
   */
  generate(generation: Generation): Promise<GenerationBlock>;
  /** Ends the block in progress after its current run. */
  cancel(): void;
  /** ONNX Runtime's name of the provider, where it is not the page's: a plugin's. */
  readonly providerName?: string;
  /** Name of the device memory that outputs stay in, e.g. 'Cuda'; null where they are on the host. */
  readonly deviceMemory: string | null;
  /** Runs with the copies from and to the host that bound runs leave out; absent where all runs are so. */
  sampleFromHost?(count: number): Promise<Block>;
  /** Runs timed by the device's own clock; null where it has no events, or the session was not asked for them. */
  sampleOnDevice?(count: number): Promise<Block | null>;
  /** Nanoseconds of every bound run that go into knowing that the device is done; 0 where the provider itself waits. */
  syncCost?(): Promise<number>;
  /** One run with a profile in a file whose name begins with the prefix. @throws where the library is too old */
  profileRun?(prefix: string): Promise<void>;
  /** Which provider has which node, if the session was asked to note it. @throws where the library is too old */
  assignments?(): Promise<Assignment[]>;
  /** Ends profiling; returns the path of the file, or null if it was off. */
  endProfiling(): Promise<string | null>;
  close(): Promise<void>;
}

export interface Runtime {
  readonly info: RuntimeInfo;
  /** The clock that times runs: nanoseconds since some fixed moment. */
  nowNs(): number;
  open(request: SessionRequest): Promise<Session>;
  close(): Promise<void>;
}

/** An error that ONNX Runtime itself reported, e.g. code 'INVALID_GRAPH'. */
export class OrtError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'OrtError';
  }
}
