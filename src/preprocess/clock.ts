// The addon's clock and its level of vector code, for whoever measures kernels.

import { type IsaLevel, loadAddon } from '../../binding/index.js';
import { UsageError } from '../util/error.js';

export interface KernelClock {
  nowNs(): number;
  info: { source: string; readNs: number; resolutionNs: number };
}

export function kernelClock(): KernelClock {
  const addon = loadAddon();
  return { nowNs: addon.nowNs, info: addon.measureClock() };
}

/** Levels that this machine can run, and the one in use. */
export function kernelLevels(): { all: IsaLevel[]; used: IsaLevel } {
  const { isaLevels, isa } = loadAddon().cpuInfo();
  return { all: isaLevels, used: isa };
}

/** @throws UsageError for a level that this machine lacks */
export function useKernelLevel(level: IsaLevel): void {
  const { all } = kernelLevels();
  if (!all.includes(level)) throw new UsageError(`--isa ${level}: this machine has ${all.join(', ')}`);
  loadAddon().forceIsa(level);
}
