// What about a machine's state makes its numbers less trustworthy, and what to do about it.

import { formatDuration } from '../util/number-format.js';
import type { Warning } from '../util/warning.js';
import type { Environment } from './environment.js';

type State = Pick<Environment, 'state' | 'cpuLimit' | 'addon'> & { cpu: Pick<Environment['cpu'], 'logicalCores'> };

/** Governors and power plans that let the clock follow the load. */
const SLOW_GOVERNORS = /powersave|ondemand|conservative|schedutil|interactive|balanced|power saver/;

export function machineWarnings({ state, cpu, cpuLimit, addon }: State): Warning[] {
  const cores = cpuLimit ?? cpu.logicalCores;
  const warnings: (Warning | false)[] = [
    state.load1 !== null &&
      state.load1 > Math.max(0.5, cores / 4) && {
        code: 'high-load',
        message: `Other work is running: load average ${state.load1.toFixed(1)} on ${cores} CPUs`,
        advice: 'Stop it, or wait a minute where it has just ended.',
      },
    state.governor !== null &&
      SLOW_GOVERNORS.test(state.governor) && {
        code: 'cpu-governor',
        message: `The CPU's clock follows the load (${state.governor})`,
        advice: 'Linux: `sudo cpupower frequency-set -g performance`; Windows: power plan "High performance".',
      },
    state.cgroupThrottledUs !== null &&
      state.cgroupThrottledUs > 0 && {
        code: 'cgroup-throttling',
        message: `The container's limit of ${cpuLimit ?? 'some'} CPUs has paused it for ${formatDuration(state.cgroupThrottledUs * 1000)} so far`,
        advice: 'Raise the limit, or use no more `--threads` than it allows.',
      },
    state.onBattery === true && {
      code: 'on-battery',
      message: 'The machine runs on its battery',
      advice: 'Plug it in.',
    },
    addon?.debug === true && {
      code: 'debug-build',
      message: 'The native addon is a debug build',
      advice: 'Build it with `npm run build`.',
    },
  ];
  return warnings.filter((warning) => warning !== false);
}

/** JavaScript's system clock counts milliseconds: two readings may be off by as many. */
const CLOCK_STEP_NS = 2e6;

/**
 * Two clocks that were read at the same two moments should agree on the time between: a virtual machine that is paused or
 * migrated, or a wrong time stamp counter, shows here.
 * @param steadyNs by the clock that times samples
 * @param wallNs by another clock of the system
 * @returns null below half a second, where reading them one after the other is no longer negligible
 */
export function clockDriftWarning(steadyNs: number, wallNs: number): Warning | null {
  if (wallNs < 0.5e9) return null;
  const drift = steadyNs / wallNs - 1;
  if (Math.abs(drift) < Math.max(1e-3, CLOCK_STEP_NS / wallNs)) return null;
  return {
    code: 'clock-drift',
    message: `The sampling clock and the system clock differ by ${(Math.abs(drift) * 100).toFixed(2)} %`,
    advice: 'Repeat the run: the clock was set meanwhile, or the machine was suspended or migrated.',
  };
}
