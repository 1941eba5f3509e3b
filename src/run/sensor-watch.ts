// What the sensors say while a case is sampled. Read between blocks, never within one.

import type { GpuReading } from '../../binding/index.js';
import { joulesBetween, type PackageEnergy, packageEnergies } from '../hardware/linux/rapl.js';
import { systemProbe } from '../hardware/probe.js';
import { readGpu } from '../runtime/native.js';
import type { Session } from '../runtime/session.js';
import type { Case } from './case.js';

export interface Sensors {
  /** Whose energy: the GPU's board, or the processor packages'. */
  energySource: 'nvml' | 'rapl' | null;
  /** Over the whole window, the pauses between blocks included; null for a window under 10 s. */
  energyJoules: number | null;
  windowNs: number;
  /** Samples taken while the GPU held back its clock: [first, behind the last]. */
  throttled: [number, number][];
  /** At the end of sampling. */
  gpu: GpuReading | null;
}

/** Power counters are refreshed every 20 to 100 ms and averaged: shorter windows show that more than the model. */
const LEAST_WINDOW_NS = 10e9;

/** sw power cap, hw slowdown, sw thermal, hw thermal, hw power brake; not idleness or clocks that somebody has set. */
const HELD_BACK = 0x4 | 0x8 | 0x20 | 0x40 | 0x80;

export class SensorWatch {
  readonly #readGpu: () => GpuReading | null;
  #packages: PackageEnergy[] = [];
  #gpu: GpuReading | null = null;
  #startedNs: bigint | null = null;
  #samples = 0;
  #throttled: [number, number][] = [];

  constructor({ provider, providerOptions, runtime }: Case) {
    const nvidia = runtime !== 'fake' && (provider === 'cuda' || provider === 'tensorrt');
    this.#readGpu = nvidia ? () => readGpu(Number(providerOptions.device_id ?? 0)) : () => null;
  }

  /** Sampling begins now. */
  start(): void {
    if (this.#startedNs !== null) return;
    this.#gpu = this.#readGpu();
    this.#packages = packageEnergies(systemProbe());
    this.#startedNs = process.hrtime.bigint();
  }

  /** The session, whose blocks are then watched. */
  watched(session: Session): Session {
    const sample: Session['sample'] = async (count, streams) => {
      const block = await session.sample(count, streams);
      if (this.#startedNs !== null) this.#mark(block.durationsNs.length);
      return block;
    };
    return new Proxy(session, {
      get: (target, key) => {
        if (key === 'sample') return sample;
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #mark(count: number): void {
    const reasons = this.#readGpu()?.throttleReasons ?? 0;
    if ((reasons & HELD_BACK) !== 0) this.#throttled.push([this.#samples, this.#samples + count]);
    this.#samples += count;
  }

  /** Null where sampling never began. */
  stop(): Sensors | null {
    if (this.#startedNs === null) return null;
    const windowNs = Number(process.hrtime.bigint() - this.#startedNs);
    const gpu = this.#readGpu();
    const ofGpu = energyBetween(this.#gpu, gpu);
    const joules = ofGpu ?? joulesBetween(this.#packages, packageEnergies(systemProbe()));
    return {
      energySource: joules === null ? null : ofGpu === null ? 'rapl' : 'nvml',
      energyJoules: windowNs >= LEAST_WINDOW_NS ? joules : null,
      windowNs,
      throttled: this.#throttled,
      gpu,
    };
  }
}

function energyBetween(before: GpuReading | null, after: GpuReading | null): number | null {
  const [from, to] = [before?.energyMillijoules ?? null, after?.energyMillijoules ?? null];
  return from === null || to === null ? null : (to - from) / 1000;
}
