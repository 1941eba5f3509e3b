// What the sensors say while a case is sampled. Read between blocks, never within one.

import type { GpuReading } from '../../binding/index.js';
import { readAmdGpu } from '../hardware/linux/amdgpu.js';
import { joulesBetween, type PackageEnergy, packageEnergies } from '../hardware/linux/rapl.js';
import { appleHeldBack, readAppleGpu } from '../hardware/macos/apple-gpu.js';
import { type Probe, systemProbe } from '../hardware/probe.js';
import { readGpu } from '../runtime/native.js';
import type { Session } from '../runtime/session.js';
import type { Case } from './case.js';

type GpuSource = 'nvml' | 'amdgpu' | 'iokit';

export interface Sensors {
  /** Whose energy: the GPU's board, or the processor packages'. */
  energySource: GpuSource | 'rapl' | null;
  /** Over the whole window, the pauses between blocks included; null for a window under 10 s. */
  energyJoules: number | null;
  windowNs: number;
  /** Samples taken while the GPU held back its clock: [first, behind the last]; null where no sensor tells. */
  throttled: [number, number][] | null;
  /** At the end of sampling. */
  gpu: GpuReading | null;
}

/** Power counters are refreshed every 20 to 100 ms and averaged: shorter windows show that more than the model. */
const LEAST_WINDOW_NS = 10e9;

/** sw power cap, hw slowdown, sw thermal, hw thermal, hw power brake; not idleness or clocks that somebody has set. */
const HELD_BACK = 0x4 | 0x8 | 0x20 | 0x40 | 0x80;

const SOURCES: Record<string, GpuSource> = {
  ...{ cuda: 'nvml', tensorrt: 'nvml' },
  ...{ rocm: 'amdgpu', migraphx: 'amdgpu' },
  ...{ coreml: 'iokit', webgpu: 'iokit' }, // read on macOS alone
};

/** macOS is asked by starting a program, which would lengthen every pause between blocks. */
const ASK_MACOS_EVERY_MS = 1000;

export class SensorWatch {
  readonly #gpuSource: GpuSource | null;
  readonly #deviceId: number;
  readonly #probe: Probe;
  #packages: PackageEnergy[] = [];
  #gpu: GpuReading | null = null;
  #startedNs: bigint | null = null;
  #samples = 0;
  #throttled: [number, number][] | null = null;
  /** Of the time when macOS was asked last: the moment, and the samples so far. */
  #asked = { atMs: 0, samples: 0 };

  constructor({ provider, providerOptions, runtime }: Case, probe = systemProbe()) {
    this.#gpuSource = runtime === 'fake' ? null : (SOURCES[provider] ?? null);
    this.#deviceId = Number(providerOptions.device_id ?? 0);
    this.#probe = probe;
  }

  #readGpu(): GpuReading | null {
    if (this.#gpuSource === 'nvml') return readGpu(this.#deviceId);
    if (this.#gpuSource === 'iokit') return readAppleGpu(this.#probe);
    return this.#gpuSource === 'amdgpu' ? readAmdGpu(this.#probe, this.#deviceId) : null;
  }

  /** Null where no sensor tells. */
  #heldBack(): boolean | null {
    if (this.#gpuSource === 'iokit') return appleHeldBack(this.#probe);
    // amdgpu tells none, and each of its files is a question to the GPU's firmware.
    const reasons = this.#gpuSource === 'nvml' ? (this.#readGpu()?.throttleReasons ?? null) : null;
    return reasons === null ? null : (reasons & HELD_BACK) !== 0;
  }

  /** Sampling begins now. */
  start(): void {
    if (this.#startedNs !== null) return;
    this.#gpu = this.#readGpu();
    this.#packages = packageEnergies(this.#probe);
    if (this.#heldBack() !== null) this.#throttled = [];
    this.#asked.atMs = performance.now();
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
    this.#samples += count;
    if (this.#throttled === null) return;
    const now = performance.now();
    if (this.#gpuSource === 'iokit' && now - this.#asked.atMs < ASK_MACOS_EVERY_MS) return;
    if (this.#heldBack() === true) this.#throttled.push([this.#asked.samples, this.#samples]);
    this.#asked = { atMs: now, samples: this.#samples };
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
