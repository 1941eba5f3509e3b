// Loads the native addon and declares what addon.cc exports. Only src/runtime/native.ts and src/preprocess import this.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { WeightSpec } from '../src/runtime/session.js';
import { UsageError } from '../src/util/error.js';

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
}

export interface StoredWeight {
  dtype: WeightSpec['dtype'];
  shape: number[];
  byteLength: number;
}

declare const imagePlan: unique symbol;
/** Held by the addon. */
export type ImagePlan = { [imagePlan]: true };
declare const spectrum: unique symbol;
/** Held by the addon. */
export type Spectrum = { [spectrum]: true };

export interface ImagePlanSpec {
  filter: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';
  element: 'float32' | 'float16' | 'bfloat16' | 'int8' | 'uint8';
  layout: 'channels-first' | 'channels-last';
  channels: number;
  order: number[];
  values: Float32Array;
  steps: Float32Array;
  fill: Float32Array;
  quantScale: number;
  quantZero: number;
}

export interface SpectrumSpec {
  sampleRate: number;
  frameLength: number;
  hop: number;
  fftLength: number;
  mels: number;
  minHz: number;
  maxHz: number;
  scale: 'htk' | 'kaldi' | 'slaney';
  slaneyNorm: boolean;
  trianglesInMel: boolean;
  window: 'hann' | 'hann-symmetric' | 'povey';
  center: boolean;
  removeMean: boolean;
  preemphasis: number;
  gain: number;
  floor: number;
  log: 'none' | 'natural' | 'decimal' | 'decibel';
}

export interface LogMelOptions {
  length: number;
  frames: number;
  melMajor: boolean;
  double: boolean;
  threads: number;
}

export interface ColumnNormalization {
  subtractMean: boolean;
  divideDeviation: boolean;
  ddof: 0 | 1;
  epsilon: number;
}

export interface Wav {
  sampleRate: number;
  channels: number;
  bits: number;
  float: boolean;
  samples: Float32Array;
}

/** Functions of the addon, in the order of addon.cc. All throw a TypeError for arguments of the wrong kind. */
export interface Addon {
  buildInfo(): BuildInfo;
  cpuInfo(): CpuInfo;
  /** Makes one level of vector code active in this process, '' for the default. */
  forceIsa(level: IsaLevel | ''): void;
  /** Type, shape and size of the tensor that ONNX Runtime gets for a weight. */
  storedWeight(spec: WeightSpec): StoredWeight;
  /**
   * Writes a weight's bytes into `target`, which must be exactly as long, on `threads` threads (0, the default: all cores).
   * A session fills its own weights; this is for files and tests.
   */
  storeWeight(spec: WeightSpec, target: Uint8Array, threads?: number): void;

  /** Checks and keeps what is the same for all images of a preprocessor. `values` and `steps`: see ImagePlan in image.h. */
  createImagePlan(spec: ImagePlanSpec): ImagePlan;
  /** Images (interleaved bytes) -> `out`, one after the other; twelve numbers of `geometry` each: see ImageGeometry. */
  runImages(plan: ImagePlan, pixels: Uint8Array[], geometry: Int32Array, out: Uint8Array, threads: number): void;

  createSpectrum(spec: SpectrumSpec): Spectrum;
  /** Frames that a signal of `length` samples has; 0 if it is too short. */
  frameCount(spectrum: Spectrum, length: number): number;
  /** The first `frames` frames of the signal, cut or zero-padded to `length` samples. */
  logMel(spectrum: Spectrum, samples: Float32Array, options: LogMelOptions, out: Float32Array): void;
  normalizeWaveform(samples: Float32Array, epsilon: number, out: Float32Array): void;
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
