// What the addon knows of itself and of the machine's memory, for the description of the environment.

import { loadAddon } from '../../binding/index.js';

/** Null where the addon is not built or does not load. */
export function addonFacts(): { version: string; debug: boolean; isa: string } | null {
  try {
    const addon = loadAddon();
    const { version, debug } = addon.buildInfo();
    return { version, debug, isa: addon.cpuInfo().isa };
  } catch {
    return null;
  }
}

/** Arrays that no cache holds, and that small machines have room for. */
const LEAST_BYTES = 64 * 2 ** 20;
const MOST_BYTES = 512 * 2 ** 20;

/** Bytes per second that all cores together read from memory, best of several rounds. */
export async function memoryReadRate(lastLevelCacheBytes: number | null): Promise<number> {
  const bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, 4 * (lastLevelCacheBytes ?? 0)));
  return (await loadAddon().measureBandwidth(bytes, 0, 5)).readBytesPerSecond;
}
