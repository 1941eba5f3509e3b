import { cgroupLimits } from './linux/cgroup.js';
import { parseCpuInfo } from './linux/cpu-info.js';
import { container, virtualization } from './linux/isolation.js';
import { linuxMemory } from './linux/memory.js';
import { parseOsRelease } from './linux/os-release.js';
import { governor, onBattery, turbo } from './linux/state.js';
import { caches, countCpus, numaNodes, topology } from './linux/topology.js';
import type { Probe } from './probe.js';
import { plainFacts, type SystemFacts } from './system-facts.js';

export function linuxFacts(probe: Probe): SystemFacts {
  const plain = plainFacts(probe);
  const info = parseCpuInfo(probe.read('/proc/cpuinfo') ?? '');
  const { physicalCores, sockets } = info.physicalCores === null ? topology(probe) : info;
  const { cpus, throttledUs } = cgroupLimits(probe);
  return {
    cpu: {
      ...plain.cpu,
      model: info.model ?? plain.cpu.model,
      isa: info.isa,
      physicalCores,
      sockets,
      numaNodes: numaNodes(probe),
      ...caches(probe),
    },
    memory: linuxMemory(probe),
    cpuLimit: cpuLimit(probe, cpus),
    container: container(probe),
    virtualization: virtualization(probe, info.hypervisor),
    state: {
      governor: governor(probe),
      turbo: turbo(probe),
      load1: probe.load1,
      cgroupThrottledUs: throttledUs,
      onBattery: onBattery(probe),
    },
    distribution: parseOsRelease(probe.read('/etc/os-release') ?? ''),
  };
}

/** The smaller of the cgroup's quota and the CPUs that the scheduler may use (taskset, cpuset); null when neither limits. */
function cpuLimit(probe: Probe, quota: number | null): number | null {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(probe.read('/proc/self/status') ?? '')?.[1];
  const limit = Math.min(quota ?? Number.POSITIVE_INFINITY, (list && countCpus(list)) || Number.POSITIVE_INFINITY);
  return limit < probe.logicalCores ? limit : null;
}
