import { availableOfVmStat, isaOfSysctl, onBatteryOfPmset, parseSysctl } from './macos/parse.js';
import type { Probe } from './probe.js';
import { plainFacts, type SystemFacts } from './system-facts.js';

export async function macosFacts(probe: Probe): Promise<SystemFacts> {
  const plain = plainFacts(probe);
  const [sysctl, guest, available, battery, version] = await Promise.all([
    // Whole branches: one missing name would make sysctl fail.
    probe.run('/usr/sbin/sysctl', ['hw', 'machdep.cpu']),
    probe.run('/usr/sbin/sysctl', ['-n', 'kern.hv_vmm_present']),
    macosAvailableBytes(probe),
    probe.run('/usr/bin/pmset', ['-g', 'batt']),
    probe.run('/usr/bin/sw_vers', ['-productVersion']),
  ]);
  const values = parseSysctl(sysctl ?? '');
  const number = (name: string) => Number(values.get(name)) || null;
  // Apple silicon lists the fast cores as level 0; the plain names mean the slow ones there.
  const level0 = (name: string) => number(`hw.perflevel0.${name}`) ?? number(`hw.${name}`);
  return {
    ...plain,
    cpu: {
      ...plain.cpu,
      model: values.get('machdep.cpu.brand_string') ?? plain.cpu.model,
      isa: isaOfSysctl(values),
      physicalCores: number('hw.physicalcpu'),
      efficiencyCores: number('hw.perflevel1.physicalcpu'),
      sockets: number('hw.packages'),
      l1dBytes: level0('l1dcachesize'),
      l2Bytes: level0('l2cachesize'),
      l3Bytes: level0('l3cachesize'),
    },
    memory: {
      totalBytes: number('hw.memsize') ?? plain.memory.totalBytes,
      availableBytes: available,
      limitBytes: null,
    },
    virtualization: guest === null ? null : guest.trim() === '1' ? 'unnamed' : 'none',
    state: { ...plain.state, onBattery: onBatteryOfPmset(battery ?? '') },
    distribution: version ? `macOS ${version.trim()}` : null,
  };
}

export async function macosAvailableBytes(probe: Probe): Promise<number | null> {
  return availableOfVmStat((await probe.run('/usr/bin/vm_stat', [])) ?? '');
}
