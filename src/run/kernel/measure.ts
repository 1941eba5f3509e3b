// Measures tasks one after the other in this process, by the same rules as models.

import type { IsaLevel } from '../../../binding/index.js';
import type { Environment } from '../../hardware/environment.js';
import { median } from '../../measure/quantile.js';
import { measurementWarnings } from '../../measure/warnings.js';
import { type KernelClock, kernelClock } from '../../preprocess/clock.js';
import { drive } from '../../scenario/drive.js';
import type { Measurement, Outcome } from '../outcome.js';
import type { RunSettings } from '../settings.js';
import type { Task } from './task.js';

export interface KernelChoice {
  task: Task;
  isa: IsaLevel;
  threads: number;
}

export interface KernelEvents {
  cancelled(): boolean;
  onProgress(phase: 'warm-up' | 'sample', fraction: number): void;
}

const COPIES = 101;

/** Durations of `count` runs, as a session gives them. */
function sampler(run: () => void, { nowNs }: KernelClock, cancelled: () => boolean) {
  return async (count: number) => {
    const durationsNs = new Float64Array(count);
    const cpu = process.cpuUsage();
    const firstNs = nowNs();
    let done = 0;
    let lastNs = firstNs;
    while (done < count && !cancelled()) {
      const startNs = nowNs();
      run();
      lastNs = nowNs();
      durationsNs[done++] = lastNs - startNs;
    }
    const { user, system } = process.cpuUsage(cpu);
    // Between blocks messages and signals come in.
    await new Promise((resolve) => setImmediate(resolve));
    return { durationsNs: durationsNs.slice(0, done), wallNs: lastNs - firstNs, cpuNs: (user + system) * 1000 };
  };
}

/** Median time of copying as many bytes, between arrays that have been touched before. */
async function copyTime(bytes: number, clock: KernelClock): Promise<number> {
  const from = new Uint8Array(bytes).fill(1);
  const to = new Uint8Array(bytes).fill(2);
  const { durationsNs } = await sampler(
    () => to.set(from),
    clock,
    () => false,
  )(COPIES);
  return median(durationsNs);
}

/** Null when it was cancelled before the first sample. @param startedAt ISO 8601, UTC */
export async function measureKernel(
  { task, isa, threads }: KernelChoice,
  settings: RunSettings,
  environment: Environment,
  startedAt: string,
  events: KernelEvents,
): Promise<Outcome | null> {
  const clock = kernelClock();
  const copyNs = await copyTime(task.inputBytes, clock);
  const startNs = clock.nowNs();
  task.run();
  const firstRunNs = clock.nowNs() - startNs;
  const sampled = await drive(
    { ...events, firstRunNs, warmUp: settings.warmUp, sampling: settings.sampling, streams: 1, generation: null },
    sampler(task.run, clock, events.cancelled),
  );
  if (sampled === null) return null;
  const measurement: Measurement = {
    ...sampled,
    itemsPerRun: task.items,
    firstRunNs,
    graphBuildNs: null,
    weightFillNs: null,
    weightBytes: null,
    sessionCreateNs: null,
    peakRssBytes: null,
    raw: { input: task.words, preprocessor: task.name, tokenizer: null, placement: '', decodeNs: null },
    parts: null,
    kernel: { inputBytes: task.inputBytes, copyNs },
  };
  return {
    state: 'measured',
    case: {
      model: task.name,
      source: { kind: 'kernel', name: task.name },
      size: null,
      dtype: null,
      style: null,
      batch: task.items,
      seq: null,
      provider: 'cpu',
      providerOptions: { isa },
      runtime: 'native',
      scenario: 'preprocess',
      threads,
    },
    runtime: null,
    model: null,
    startedAt,
    environment: environment.addon ? { ...environment, addon: { ...environment.addon, isa } } : environment,
    warnings: measurementWarnings(measurement, clock.info, settings.sampling.targetHalfWidth),
    measurement,
  };
}
