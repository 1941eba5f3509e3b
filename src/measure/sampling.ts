// The stopping rule: samples block by block until the median is known well enough, within bounds of time and number.

import type { StopReason } from '../run/outcome.js';
import { medianInterval } from './median-interval.js';
import { quantile, sorted } from './quantile.js';

/** Consecutive runs, as a session's `sample` returns them. */
export interface Block {
  durationsNs: Float64Array;
  wallNs: number;
  cpuNs?: number | null;
}

export type Step<Reason> = { done: false; runs: number } | { done: true; reason: Reason };

export interface SamplingRule {
  /** Half width of the median's 95 % confidence interval, relative to the median, at which sampling may end. */
  targetHalfWidth: number;
  minTimeNs: number;
  /** Bounds the sum of the blocks' wall times, and wins over every minimum. */
  maxTimeNs: number;
  minSamples: number;
  maxSamples: number;
  /** Aim for the duration of one block: Ctrl-C and progress wait this long. */
  blockNs: number;
}

export const SAMPLING_RULE: SamplingRule = {
  targetHalfWidth: 0.01,
  minTimeNs: 1e9,
  maxTimeNs: 10e9,
  minSamples: 20,
  maxSamples: 1_000_000,
  blockNs: 75e6,
};

/**
 * State machine without a clock of its own: `next(null)` gives the first step, `next(block)` the one after that block. It keeps
 * every sample. The interval is looked at only when a tenth more samples have come in, so that looking stays cheap and few looks
 * dilute the 95 % (fixed-width sequential intervals hold asymptotically: Chow & Robbins 1965, Annals of Mathematical Statistics 36).
 */
export class Sampling {
  wallNs = 0;
  /** Null where the runtime cannot tell. */
  cpuNs: number | null = 0;
  readonly #samples: Samples = new Samples();
  #runNs: number;
  #asked = 0;
  #nextLook: number;

  /** @param runNs expected wall time of one run, e.g. as warm-up left it */
  constructor(
    private readonly rule: SamplingRule,
    runNs: number,
  ) {
    this.#runNs = runNs;
    this.#nextLook = rule.minSamples;
  }

  /** Every sample so far, in order of measurement. */
  get samplesNs(): Float64Array {
    return this.#samples.view();
  }

  next(block: Block | null): Step<StopReason> {
    const { rule } = this;
    if (block) {
      this.#samples.add(block.durationsNs);
      this.wallNs += block.wallNs;
      this.cpuNs = block.cpuNs == null || this.cpuNs === null ? null : this.cpuNs + block.cpuNs;
      if (block.durationsNs.length < this.#asked) return { done: true, reason: 'interrupted' };
      this.#runNs = block.wallNs / block.durationsNs.length;
      if (this.#reached()) return { done: true, reason: 'target-ci' };
      if (this.wallNs >= rule.maxTimeNs) return { done: true, reason: 'max-time' };
      if (this.#samples.length >= rule.maxSamples) return { done: true, reason: 'max-samples' };
    }
    const timeNs = Math.min(rule.blockNs, rule.maxTimeNs - this.wallNs);
    const runs = Math.max(1, Math.round(timeNs / Math.max(1, this.#runNs)));
    this.#asked = Math.min(runs, rule.maxSamples - this.#samples.length);
    return { done: false, runs: this.#asked };
  }

  #reached(): boolean {
    const { rule } = this;
    const count = this.#samples.length;
    if (this.wallNs < rule.minTimeNs || count < this.#nextLook) return false;
    this.#nextLook = Math.ceil(count * 1.1);
    const width = relativeHalfWidth(this.#samples.view());
    return width !== null && width <= rule.targetHalfWidth;
  }
}

/** Half the width of the median's 95 % confidence interval over the median; null where there is no interval. */
export function relativeHalfWidth(samples: Float64Array): number | null {
  const ascending = sorted(samples);
  const interval = medianInterval(samples, ascending);
  return interval && (interval.high - interval.low) / 2 / quantile(ascending, 0.5);
}

/** A Float64Array that grows by doubling. */
class Samples {
  length = 0;
  #values = new Float64Array(1024);

  add(values: Float64Array): void {
    const needed = this.length + values.length;
    if (needed > this.#values.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.#values.length));
      larger.set(this.view());
      this.#values = larger;
    }
    this.#values.set(values, this.length);
    this.length = needed;
  }

  view(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
