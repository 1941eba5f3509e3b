import type { Environment } from '../environment.js';
import type { Probe } from '../probe.js';
import { cgroupLimits } from './cgroup.js';

/** Bytes of a line of /proc/meminfo, which counts in KiB. */
export function memInfo(text: string, key: string): number | null {
  const match = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text);
  return match ? Number(match[1]) * 1024 : null;
}

/** Memory of the machine as the cgroup's limit leaves it. */
export function linuxMemory(probe: Probe): Environment['memory'] {
  const text = probe.read('/proc/meminfo') ?? '';
  const totalBytes = memInfo(text, 'MemTotal') ?? probe.totalBytes;
  const machineBytes = memInfo(text, 'MemAvailable');
  const { memoryBytes, memoryUsedBytes } = cgroupLimits(probe);
  const limitBytes = memoryBytes !== null && memoryBytes < totalBytes ? memoryBytes : null;
  const cgroupBytes =
    limitBytes === null || memoryUsedBytes === null ? null : Math.max(0, limitBytes - memoryUsedBytes);
  const known = [machineBytes, cgroupBytes].filter((bytes) => bytes !== null);
  return { totalBytes, availableBytes: known.length > 0 ? Math.min(...known) : null, limitBytes };
}
