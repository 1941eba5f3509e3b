// Loads the native addon and declares what addon.cc exports. Only src/runtime/native.ts and src/preprocess import this.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../src/util/error.js';
import type { DType, HostTensor } from '../src/util/tensor.js';
import type { WeightSpec } from '../src/util/weight.js';
import type {
  ColumnNormalization,
  ImagePlan,
  ImagePlanSpec,
  LogMelOptions,
  Spectrum,
  SpectrumSpec,
  Wav,
} from './preprocess.js';

/** Level of vector code: 'base' is what every processor of the platform has. */
export type IsaLevel = 'base' | 'avx2' | 'avx512' | 'neon';

export interface BuildInfo {
  version: string;
  compiler: string;
  /** True when assertions are compiled in and optimisation may be off: not for measuring. */
  debug: boolean;
  /** Comma list, e.g. 'address,undefined'; empty for a normal build. */
  sanitizers: string;
}

export interface CpuInfo {
  /** The processor's own name; empty where it has none to tell. */
  brand: string;
  /** Instruction set extensions as Linux spells them, e.g. 'avx512_vnni'. */
  features: string[];
  /** Levels of vector code that this machine can run, 'base' first. */
  isaLevels: IsaLevel[];
  /** The level in use: the best, or the one that HFBENCH_ISA or `forceIsa` names. */
  isa: IsaLevel;
  /** Threads that the process may run at the same time. */
  threads: number;
  pageBytes: number;
}

export interface Bandwidth {
  readBytesPerSecond: number;
  copyBytesPerSecond: number;
  triadBytesPerSecond: number;
}

/** A GPU now, by NVIDIA's management library. Null: it does not tell. */
export interface GpuReading {
  name: string;
  smClockMHz: number | null;
  temperatureC: number | null;
  powerMilliwatts: number | null;
  /** Since the driver was loaded. */
  energyMillijoules: number | null;
  /** nvmlClocksThrottleReasons: a bit each. */
  throttleReasons: number | null;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
}

export interface StoredWeight {
  dtype: WeightSpec['dtype'];
  shape: number[];
  byteLength: number;
}

/** How a provider is put into a session's options: CUDA and TensorRT have calls of their own, plugins go by their devices. */
export interface ProviderChoice {
  route: 'generic' | 'cuda' | 'tensorrt' | 'devices';
  /** ONNX Runtime's name, e.g. 'CoreML'; for 'devices' the long one, e.g. 'CPUExecutionProvider'. */
  name: string;
  options: Record<string, string>;
}

/** See SessionRequest in src/runtime/session.ts for the fields without a comment. */
export interface NativeSessionConfig {
  /** Exactly one of the two. */
  modelPath?: string;
  modelBytes?: Uint8Array;
  weights: WeightSpec[];
  /** By priority; the CPU provider comes last by itself. */
  providers: ProviderChoice[];
  /** Memory that outputs stay in, e.g. 'Cuda'; absent: where the session makes them (API 23), else on the host. */
  outputMemory?: { name: string; device: number };
  intraOpThreads: number;
  interOpThreads: number;
  optimization: 'disabled' | 'basic' | 'extended' | 'all';
  spinning: boolean;
  memoryPattern: boolean;
  cpuArena: boolean;
  denormalsAsZero: boolean;
  profilePrefix?: string;
  /** CUDA and TensorRT compute in a stream of ours, where there is a driver, for `sampleOnDevice`. */
  deviceEvents?: boolean;
  config: Record<string, string>;
  freeDimensions: Record<string, number>;
}

export interface EpDevice {
  provider: string;
  providerVendor: string;
  hardwareType: 'cpu' | 'gpu' | 'npu' | 'other';
  hardwareVendor: string;
  hardwareId: number;
}

export interface NativeValueInfo {
  name: string;
  /** Null for types that a HostTensor cannot hold: sequences, maps, optional values, 8-bit floats and the like. */
  dtype: DType | null;
  shape: (number | string)[];
}

/** A loaded ONNX Runtime; it stays loaded until the process ends. */
export interface NativeLibrary {
  readonly path: string;
  readonly version: string;
  readonly apiVersion: number;
  readonly buildInfo: string;
  readonly providers: string[];
  /** Makes the providers of a plugin library known (API 22). */
  registerProviderLibrary(name: string, path: string): void;
  /** Devices that providers offer; empty before API 22. */
  epDevices(): EpDevice[];
  openSession(config: NativeSessionConfig): Promise<NativeSession>;
}

/** An output whose value becomes an input. */
export interface Link {
  output: string;
  input: string;
}

/** See Generation in src/runtime/session.ts. */
export interface NativeGeneration {
  states: Link[];
  steps: { name: string; dtype: DType; shape: number[]; grows: number | null; stride: number; data: Uint8Array }[];
  runs: number;
}

/** Errors of ONNX Runtime have a field `ortCode`, e.g. 'INVALID_GRAPH'. Calls that overlap are done in turn. */
export interface NativeSession {
  readonly inputs: NativeValueInfo[];
  readonly outputs: NativeValueInfo[];
  /** Nanoseconds; null without weights from memory. */
  readonly openTimes: { weightFillNs: number | null; weightBytes: number | null; sessionCreateNs: number };
  /** Name of the device memory that outputs stay in, e.g. 'Cuda'; null if all are on the host. */
  readonly deviceMemory: string | null;
  /**
   * `source`: outputs of another session's last run that are bound as they lie, without a copy. Runs read the memory of
   * `shared` feeds themselves, those of the others a copy; no array of a shared one may be detached.
   */
  bind(
    feeds: (HostTensor & { name: string; shared?: boolean })[],
    source?: { session: NativeSession; links: Link[] },
  ): Promise<void>;
  /** Duration of one run in nanoseconds. */
  runOnce(): Promise<number>;
  /** Durations of `count` runs (at most 1e8) by `streams` threads together; fewer after `cancel`. */
  sample(count: number, streams?: number): Promise<{ durationsNs: Float64Array; wallNs: number; cpuNs: number }>;
  /** The same by one thread, from host memory to host memory: with the copies that bound runs leave out. */
  sampleFromHost(count: number): Promise<{ durationsNs: Float64Array; wallNs: number; cpuNs: number }>;
  /** Durations by the device's own clock; null where there are no events, or the session was not asked for them. */
  sampleOnDevice(count: number): Promise<{ durationsNs: Float64Array; wallNs: number; cpuNs: number } | null>;
  /** Nanoseconds of every bound run that go into knowing that the device is done; 0 where the provider itself waits. */
  syncCost(): Promise<number>;
  /** One bound run with a profile in a file whose name begins with `prefix` (API 25). */
  profileRun(prefix: string): Promise<void>;
  /**
   * The first run takes the bound inputs, each of the `runs` - 1 (at most 1e6 in all) others the states that the one before gave;
   * fewer after `cancel`. `cacheBytes`: the states at the end and what another session gave.
   */
  generate(plan: NativeGeneration): Promise<{
    durationsNs: Float64Array;
    wallNs: number;
    cpuNs: number;
    cacheBytes: number;
  }>;
  cancel(): void;
  /** Outputs of the last run, of the first stream where there were several; those that are no tensors, and strings, are left out. */
  readOutputs(): Promise<(HostTensor & { name: string })[]>;
  /**
   * One run, here and now, then a copy of its outputs in host memory kept for them; moments on the clock of `nowNs`.
   * Throws while another call is in progress.
   */
  runAndRead(): { beginNs: number; ranNs: number; endNs: number };
  endProfiling(): Promise<string | null>;
  /** Which provider has which node (API 24); needs the config entry session.record_ep_graph_assignment_info = 1. */
  assignments(): Promise<{ provider: string; nodes: { name: string; domain: string; op: string }[] }[]>;
  /** Counters of the allocator of the outputs (API 23), e.g. MaxInUse in bytes. */
  allocatorStats(): Promise<Record<string, string>>;
  /** Ends the run in progress after its current run and frees the session. May be called again. */
  close(): Promise<void>;
}

declare const tokenizer: unique symbol;
/** A tokenizer inside the addon, with its last batch. */
export type TokenizerHandle = { [tokenizer]: true };

/** A tokenizer in flat form; binding/preprocess/text_program.h says what each number means. */
export interface TokenizerProgram {
  strings: Uint8Array;
  stringEnds: Uint32Array;
  normalizers: Uint32Array;
  pretokenizers: Uint32Array;
  added: Uint32Array;
  single: Uint32Array;
  pair: Uint32Array;
  model: Uint32Array;
  tokens: Uint8Array;
  tokenEnds: Uint32Array;
  tokenIds: Uint32Array;
  scores: Float64Array;
  merges: Uint32Array;
}

/** Functions of the addon, in the order of addon.cc. All throw a TypeError for arguments of the wrong kind. */
export interface Addon {
  buildInfo(): BuildInfo;
  cpuInfo(): CpuInfo;
  /** Makes one level of vector code active in this process, '' for the default. */
  forceIsa(level: IsaLevel | ''): void;
  /** Memory of this process that is resident now, and the most that was since it started; null where the system is silent. */
  memoryUse(): { currentBytes: number | null; peakBytes: number | null };
  /**
   * Speed of the machine's memory, best of `rounds`, on `threads` threads (0: all cores) over three arrays of `bytes` each,
   * which should be several times the last level cache. What a kernel reads and writes counts once each, as in STREAM.
   */
  measureBandwidth(bytes: number, threads: number, rounds: number): Promise<Bandwidth>;
  /** NVIDIA's GPUs in the order of the PCI bus; null without its driver. HFBENCH_NVML names another library. */
  readNvidiaGpus(): { driver: string; gpus: GpuReading[] } | null;
  /** Type, shape and size of the tensor that ONNX Runtime gets for a weight. */
  storedWeight(spec: WeightSpec): StoredWeight;
  /**
   * Writes a weight's bytes into `target`, which must be exactly as long, on `threads` threads (0, the default: all cores).
   * A session fills its own weights; this is for files and tests.
   */
  storeWeight(spec: WeightSpec, target: Uint8Array, threads?: number): void;
  /** Throws an Error with `code` 'HFBENCH_USAGE' and one line of reason if the file is no usable ONNX Runtime. */
  openLibrary(path: string): NativeLibrary;
  /** Source, cost of one read and resolution of the clock that samples are timed with; takes some milliseconds. */
  measureClock(): { source: string; readNs: number; resolutionNs: number };
  /** That clock's reading: nanoseconds since some fixed moment. */
  nowNs(): number;

  /** Checks and keeps what is the same for all images of a preprocessor. `values` and `steps`: see ImagePlan in image.h. */
  createImagePlan(spec: ImagePlanSpec): ImagePlan;
  /** Images (interleaved bytes) -> `out`, one after the other; twelve numbers of `geometry` each: see ImageGeometry. */
  runImages(plan: ImagePlan, pixels: Uint8Array[], geometry: Int32Array, out: Uint8Array, threads: number): void;

  createSpectrum(spec: SpectrumSpec): Spectrum;
  /** Frames that a signal of `length` samples has; 0 if it is too short. */
  frameCount(spectrum: Spectrum, length: number): number;
  /** The first `frames` frames of the signal, cut or zero-padded to `length` samples. */
  logMel(spectrum: Spectrum, samples: Float32Array, options: LogMelOptions, out: Float32Array): void;
  /** False, and nothing done, if a sample is not finite. */
  normalizeWaveform(samples: Float32Array, epsilon: number, out: Float32Array): boolean;
  /** In place, every column of values[rows][columns]: see ColumnNormalization in audio.h. */
  normalizeColumns(values: Float32Array, columns: number, options: ColumnNormalization): void;
  scaleWhisper(values: Float32Array): void;
  /** (x - shift) / scale, in place. */
  standardize(values: Float32Array, shift: number, scale: number): void;
  allFinite(values: Float32Array): boolean;
  readWav(bytes: Uint8Array): Wav;
  resample(samples: Float32Array, from: number, to: number, threads: number): Float32Array;

  /** float32 -> float16, or bfloat16 if `brain`. */
  castFromFloat32(values: ArrayBufferView, brain: boolean, out: ArrayBufferView): void;
  castToFloat32(values: ArrayBufferView, brain: boolean, out: ArrayBufferView): void;
  quantizeFloat32(
    values: ArrayBufferView,
    scale: number,
    zeroPoint: number,
    signed: boolean,
    out: ArrayBufferView,
  ): void;

  /** Throws a TypeError for a program that makes no sense. */
  createTokenizer(program: TokenizerProgram): TokenizerHandle;
  /**
   * Encodes into the handle's batch; a lone surrogate counts as U+FFFD. `options`: special tokens, truncate, length, strategy,
   * side. `capacity`: bytes of UTF-8 that the texts, and the pairs, need at most. Returns [rows, ids in all, longest row].
   */
  encodeTexts(
    handle: TokenizerHandle,
    texts: readonly string[],
    pairs: readonly string[] | null,
    options: Uint32Array,
    capacity: number,
  ): Float64Array;
  /** The same for texts whose ids are known; only truncation and special tokens are left to do. */
  assembleIds(
    handle: TokenizerHandle,
    first: Int32Array[],
    second: Int32Array[] | null,
    options: Uint32Array,
  ): Float64Array;
  /** Writes the batch as int64 rows of `length`. `padding`: id, type id, side. */
  writeTokens(
    handle: TokenizerHandle,
    length: number,
    padding: Uint32Array,
    ids: Uint8Array,
    mask: Uint8Array,
    types: Uint8Array,
  ): void;
  /** Writes the ids of all rows one after the other, and how many each row has. */
  writeRaggedTokens(handle: TokenizerHandle, ids: Int32Array, lengths: Uint32Array): void;
}

let loaded: Addon | undefined;

/** Where the addon lies: in the package's build folder, or where the environment variable HFBENCH_ADDON says. */
export function addonPath(): string {
  return process.env.HFBENCH_ADDON || fileURLToPath(new URL('../../build/Release/hfbench.node', import.meta.url));
}

/**
 * The addon, loaded at the first call.
 * @throws UsageError when it is missing, does not load, or HFBENCH_ISA names a level that this machine lacks
 */
export function loadAddon(): Addon {
  if (loaded) return loaded;
  const path = addonPath();
  if (!existsSync(path)) throw new UsageError(`native addon ${path}: not found; build it with 'npm run setup'`);
  try {
    const addon = createRequire(import.meta.url)(path) as Addon;
    addon.cpuInfo();
    loaded = addon;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new UsageError(`native addon ${path}: does not load (${reason}); rebuild it with 'npm run setup -- --force'`);
  }
  return loaded;
}
