// What the sensors say while a case is sampled. Read between blocks, never within one.

import type { GpuReading } from '../../binding/index.js';
import { readAmdGpu } from '../hardware/linux/amdgpu.js';
import { joulesBetween, type PackageEnergy, packageEnergies } from '../hardware/linux/rapl.js';
import { type Probe, systemProbe } from '../hardware/probe.js';
import { readGpu } from '../runtime/native.js';
import type { Session } from '../runtime/session.js';
import type { Case } from './case.js';

type GpuSource = 'nvml' | 'amdgpu';

export interface Sensors {
  /** Whose energy: the GPU's board, or the processor packages'. */
  energySource: GpuSource | 'rapl' | null;
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

const SOURCES: Record<string, GpuSource> = { cuda: 'nvml', tensorrt: 'nvml', rocm: 'amdgpu', migraphx: 'amdgpu' };

export class SensorWatch {
  readonly #gpuSource: GpuSource | null;
  readonly #deviceId: number;
  readonly #probe: Probe;
  #packages: PackageEnergy[] = [];
  #gpu: GpuReading | null = null;
  #startedNs: bigint | null = null;
  #samples = 0;
  #throttled: [number, number][] = [];

  constructor({ provider, providerOptions, runtime }: Case, probe = systemProbe()) {
    this.#gpuSource = runtime === 'fake' ? null : (SOURCES[provider] ?? null);
    this.#deviceId = Number(providerOptions.device_id ?? 0);
    this.#probe = probe;
  }

  #readGpu(): GpuReading | null {
    if (this.#gpuSource === 'nvml') return readGpu(this.#deviceId);
    return this.#gpuSource === 'amdgpu' ? readAmdGpu(this.#probe, this.#deviceId) : null;
  }

  /** Sampling begins now. */
  start(): void {
    if (this.#startedNs !== null) return;
    this.#gpu = this.#readGpu();
    this.#packages = packageEnergies(this.#probe);
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
    // amdgpu tells none, and each of its files is a question to the GPU's firmware.
    const reasons = this.#gpuSource === 'nvml' ? (this.#readGpu()?.throttleReasons ?? 0) : 0;
    if ((reasons & HELD_BACK) !== 0) this.#throttled.push([this.#samples, this.#samples + count]);
    this.#samples += count;
  }

  /** Null where sampling never began. */
  stop(): Sensors | null {
    if (this.#startedNs === null) return null;
    const windowNs = Number(process.hrtime.bigint() - this.#startedNs);
    const gpu = this.#readGpu();
    const ofGpu = energyBetween(this.#gpu, gpu);
    const joules = ofGpu ?? joulesBetween(this.#packages, packageEnergies(this.#probe));
    return {
      energySource: joules === null ? null : ofGpu === null ? 'rapl' : this.#gpuSource,
      energyJoules: windowNs >= LEAST_WINDOW_NS ? joules : null,
      windowNs,
      throttled: this.#throttled,
      gpu,
    };
  }
}

function energyBetween(before: GpuReading | null, after: GpuReading | null): number | null {
  const [from, to] = [before?.energyMillijoules ?? null, after?.energyMillijoules ?? null];
  // A driver that was loaded anew, or a counter that went round.
  return from === null || to === null || to < from ? null : (to - from) / 1000;
}
