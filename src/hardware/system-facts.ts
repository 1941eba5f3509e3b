import type { Environment } from './environment.js';
import type { Probe } from './probe.js';

/** What an operating system tells of its machine: each of linux.ts, macos.ts and windows.ts returns one. */
export type SystemFacts = Pick<
  Environment,
  'cpu' | 'memory' | 'cpuLimit' | 'container' | 'virtualization' | 'state'
> & {
  distribution: string | null;
};

/** What Node alone knows, for systems of which hfbench knows nothing more. */
export function plainFacts(probe: Probe): SystemFacts {
  return {
    cpu: {
      model: probe.cpuModel === 'unknown' ? null : probe.cpuModel,
      architecture: probe.architecture,
      isa: [],
      physicalCores: null,
      efficiencyCores: null,
      logicalCores: probe.logicalCores,
      sockets: null,
      numaNodes: null,
      l1dBytes: null,
      l2Bytes: null,
      l3Bytes: null,
    },
    memory: { totalBytes: probe.totalBytes, availableBytes: null, limitBytes: null },
    cpuLimit: null,
    container: null,
    virtualization: null,
    state: { governor: null, turbo: null, load1: probe.load1, cgroupThrottledUs: null, onBattery: null },
    distribution: null,
  };
}
