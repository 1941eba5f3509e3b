import { linuxMemory } from './linux/memory.js';
import { macosAvailableBytes } from './macos.js';
import { type Probe, systemProbe } from './probe.js';

/** Bytes that a new process could take now, the cgroup's limit counted; null where unknown. For the question whether a case fits. */
export async function availableMemoryBytes(probe: Probe = systemProbe()): Promise<number | null> {
  if (probe.platform === 'linux') return linuxMemory(probe).availableBytes;
  if (probe.platform === 'darwin') return macosAvailableBytes(probe);
  // Windows counts the standby list, which is free for the taking, as free.
  return probe.freeBytes;
}
