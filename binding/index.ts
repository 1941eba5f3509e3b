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
