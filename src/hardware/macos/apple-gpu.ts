// What IOKit's registry tells of a Mac's GPU, by `ioreg`, and whether the system holds back the chip, by `pmset`: both come with
// macOS and need no rights. Clocks, and power of Apple's own GPUs, are for root alone (powermetrics).

import type { GpuReading } from '../../../binding/index.js';
import { oneLine } from '../../util/one-line.js';
import type { Probe } from '../probe.js';

/** The integer of `"name"=12` in a dictionary of ioreg's, e.g. PerformanceStatistics. */
function statistic(text: string, name: string): number | null {
  const escaped = name.replace(/[()%]/g, '\\$&');
  const digits = new RegExp(`"${escaped}"=(\\d{1,15})(?!\\d)`).exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * The only accelerator of this Mac; null with several, as providers do not say which one they chose.
 * Apple's GPUs tell their memory; AMD's of Intel Macs temperature, power and clock too.
 */
export function appleGpuOf(text: string): GpuReading | null {
  const [accelerator, ...others] = text.split(/^\+-o /m).slice(1);
  if (accelerator === undefined || others.length > 0) return null;
  const statistics = /^\s*"PerformanceStatistics" = (\{.*\})\s*$/m.exec(accelerator)?.[1] ?? '';
  const watts = statistic(statistics, 'Total Power(W)');
  const model = /^\s*"model" = (?:"([^"]*)"|<"([^"]*)">)\s*$/m.exec(accelerator);
  return {
    name: oneLine(model?.[1] ?? model?.[2] ?? /^\S+/.exec(accelerator)?.[0] ?? '', 80),
    smClockMHz: statistic(statistics, 'Core Clock(MHz)'),
    temperatureC: statistic(statistics, 'Temperature(C)'),
    powerMilliwatts: watts === null ? null : watts * 1000,
    energyMillijoules: null,
    throttleReasons: null,
    memoryUsedBytes: statistic(statistics, 'In use system memory') ?? statistic(statistics, 'inUseVidMemoryBytes'),
    memoryTotalBytes: null,
  };
}

/** Whether `pmset -g therm` says that the system limits the speed; null where it says nothing that is known. */
export function heldBackOf(text: string): boolean | null {
  const limits = [...text.matchAll(/\b[CG]PU_Speed_Limit\s*=\s*(\d{1,3})\b/g)].map(([, limit]) => Number(limit));
  if (limits.length > 0) return limits.some((limit) => limit < 100);
  return /No thermal warning level has been recorded/.test(text) ? false : null;
}

/** Takes some 10 ms, on JavaScript's thread. Null on other systems. */
export function readAppleGpu(probe: Probe): GpuReading | null {
  if (probe.platform !== 'darwin') return null;
  return appleGpuOf(probe.runNow('/usr/sbin/ioreg', ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator']) ?? '');
}

/** Likewise. */
export function appleHeldBack(probe: Probe): boolean | null {
  return probe.platform === 'darwin' ? heldBackOf(probe.runNow('/usr/bin/pmset', ['-g', 'therm']) ?? '') : null;
}
