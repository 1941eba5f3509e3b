// GPUs as Linux knows them, without any vendor's library: the PCI devices behind /sys/class/drm, and NVIDIA's own folder in /proc,
// which is all there is in containers.

import type { Probe } from './probe.js';
import { systemProbe } from './probe.js';

export interface Accelerator {
  kind: 'gpu';
  vendor: string;
  /** The maker's name where a driver tells it, else the PCI id. */
  name: string;
  /** Kernel driver, with its version where it has one. */
  driver: string | null;
}

/** https://pcisig.com/membership/member-companies */
const VENDORS: Record<string, string> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x1af4': 'virtio',
  '0x15ad': 'VMware',
  '0x1234': 'QEMU',
};

function nvidiaGpus(probe: Probe): Accelerator[] {
  const version = /Kernel Module\D+?(\d+\.[\d.]+)/.exec(probe.read('/proc/driver/nvidia/version') ?? '')?.[1];
  const driver = version === undefined ? 'nvidia' : `nvidia ${version}`;
  return probe.list('/proc/driver/nvidia/gpus').map((address) => {
    const text = probe.read(`/proc/driver/nvidia/gpus/${address}/information`) ?? '';
    return { kind: 'gpu', vendor: 'NVIDIA', name: /^Model:\s*(\S.*)$/m.exec(text)?.[1] ?? address, driver };
  });
}

function drmGpus(probe: Probe): Accelerator[] {
  return probe
    .list('/sys/class/drm')
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((card): Accelerator[] => {
      const folder = `/sys/class/drm/${card}/device`;
      const vendor = probe.read(`${folder}/vendor`);
      if (vendor === null) return [];
      const driver = /^DRIVER=(.+)$/m.exec(probe.read(`${folder}/uevent`) ?? '')?.[1] ?? null;
      const name =
        probe.read(`${folder}/product_name`) ||
        `PCI ${vendor.slice(2)}:${(probe.read(`${folder}/device`) ?? '0x?').slice(2)}`;
      return [{ kind: 'gpu', vendor: VENDORS[vendor] ?? `PCI vendor ${vendor.slice(2)}`, name, driver }];
    });
}

/** Empty on other systems than Linux: there ONNX Runtime's own devices tell. */
export function accelerators(probe: Probe = systemProbe()): Accelerator[] {
  if (probe.platform !== 'linux') return [];
  const nvidia = nvidiaGpus(probe);
  return [...nvidia, ...drmGpus(probe).filter(({ vendor }) => vendor !== 'NVIDIA' || nvidia.length === 0)];
}
