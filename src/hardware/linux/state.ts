import type { Probe } from '../probe.js';

const CPU = '/sys/devices/system/cpu';

/** Frequency governors in use, joined by '+' where CPUs differ. */
export function governor(probe: Probe): string | null {
  const policies = probe.list(`${CPU}/cpufreq`).filter((name) => name.startsWith('policy'));
  const names = policies.map((policy) => probe.read(`${CPU}/cpufreq/${policy}/scaling_governor`));
  return [...new Set(names.filter((name) => name !== null))].sort().join('+') || null;
}

/** Whether clocks above the nominal one are allowed: intel_pstate's switch, or that of the other drivers. */
export function turbo(probe: Probe): boolean | null {
  const off = probe.read(`${CPU}/intel_pstate/no_turbo`);
  if (off !== null) return off === '0';
  const boost = probe.read(`${CPU}/cpufreq/boost`);
  return boost === null ? null : boost === '1';
}

/** Null on machines without a battery. */
export function onBattery(probe: Probe): boolean | null {
  const folder = '/sys/class/power_supply';
  const batteries = probe.list(folder).filter((name) => {
    const scope = probe.read(`${folder}/${name}/scope`);
    // A mouse has a battery too.
    return probe.read(`${folder}/${name}/type`) === 'Battery' && scope !== 'Device';
  });
  if (batteries.length === 0) return null;
  return batteries.some((name) => probe.read(`${folder}/${name}/status`) === 'Discharging');
}
