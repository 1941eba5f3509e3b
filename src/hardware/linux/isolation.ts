// In what this Linux runs: container and hypervisor.

import { hypervisorOfFirmware } from '../firmware.js';
import type { Probe } from '../probe.js';

/** Kind of the container; null when no sign of one is seen. */
export function container(probe: Probe): string | null {
  if (probe.exists('/var/run/secrets/kubernetes.io')) return 'kubernetes';
  if (probe.exists('/run/.containerenv')) return 'podman';
  if (probe.exists('/.dockerenv')) return 'docker';
  const systemd = probe.read('/run/systemd/container');
  if (systemd) return systemd;
  const init = probe.read('/proc/1/cgroup') ?? '';
  return /\b(docker|kubepods|lxc|containerd)\b/.exec(init)?.[1]?.replace('kubepods', 'kubernetes') ?? null;
}

/**
 * Name of the hypervisor, 'unnamed' where the CPU tells only that there is one, 'none' where it tells that there is none.
 * Amazon's bare-metal instances carry the firmware's name without being virtual, so the CPU is asked first.
 */
export function virtualization(probe: Probe, hypervisor: boolean | null): string | null {
  if (/microsoft/i.test(probe.release)) return 'WSL';
  if (hypervisor === false) return 'none';
  const firmware = ['sys_vendor', 'product_name']
    .map((file) => probe.read(`/sys/class/dmi/id/${file}`) ?? '')
    .join(' ');
  return hypervisorOfFirmware(firmware) ?? (hypervisor ? 'unnamed' : null);
}
