import { createHash } from 'node:crypto';
import type { Environment } from './environment.js';

type Described = Pick<
  Environment,
  'cpu' | 'memory' | 'cpuLimit' | 'container' | 'virtualization' | 'os' | 'state' | 'addon'
>;

/**
 * The facts that make two machines, or two set-ups of one, differ for a benchmark. Only what stays the same over a reboot: no
 * reading, no clock, no version that changes by itself. Comparing these tells in what two environments differ.
 */
export function stableFacts({ cpu, memory, cpuLimit, container, virtualization, os, state, addon }: Described) {
  return {
    ...cpu,
    isa: cpu.isa.join(' '),
    // The kernel's share of the memory varies a little from boot to boot.
    memoryGiB: Math.round(memory.totalBytes / 2 ** 30),
    memoryLimitBytes: memory.limitBytes,
    cpuLimit,
    container,
    virtualization,
    platform: os.platform,
    governor: state.governor,
    turbo: state.turbo,
    addonIsa: addon?.isa ?? null,
  };
}

/** 12 hexadecimal digits: enough to tell the machines of a history apart. */
export function fingerprint(environment: Described): string {
  return createHash('sha256')
    .update(JSON.stringify(stableFacts(environment)))
    .digest('hex')
    .slice(0, 12);
}
