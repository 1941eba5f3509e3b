// Warm-up: runs in windows of about 50 ms until their medians show no trend, or until time is up.
//
// A fixed number of runs is wrong both ways: the first GPU runs after a start can take a thousand times as long as the later ones,
// and a small model on a CPU is warm at once. The very first run never comes here: the scenario keeps it as a metric of its own.

import { median } from './quantile.js';
import type { Block, Step } from './sampling.js';
import { trend } from './trend.js';

export interface WarmUpRule {
  /** Aim for the duration of one window. */
  windowNs: number;
  /** Warm-up ends after this time, warm or not. */
  maxTimeNs: number;
  /** Change over the last windows that counts as flat, relative to their median. */
  tolerance: number;
}

export const WARM_UP_RULE: WarmUpRule = { windowNs: 50e6, maxTimeNs: 3e9, tolerance: 0.01 };

const FEWEST_WINDOWS = 3;
const MOST_WINDOWS = 6;
/** Among six windows without a trend, an order that gives |z| above this comes up in 5.6 % of cases (20 + 20 of 720 orders). */
const ORDERED_Z = 1.8;

/**
 * State machine without a clock of its own: `next(null)` gives the first step, `next(block)` the one after that block.
 * Flat means: over the last three to six windows the Theil-Sen line changes by no more than the tolerance, or six windows are in
 * no significant order (Mann-Kendall).
 */
export class WarmUp {
  runs = 0;
  wallNs = 0;
  /** Expected wall time of one run, for the size of the next block. */
  runNs: number;
  readonly #windows: number[] = [];
  #asked = 0;

  /** @param firstRunNs duration of the first run, which is not part of the warm-up */
  constructor(
    private readonly rule: WarmUpRule,
    firstRunNs: number,
  ) {
    this.runNs = firstRunNs;
  }

  next(block: Block | null): Step<'flat' | 'max-time' | 'interrupted'> {
    if (block) {
      this.runs += block.durationsNs.length;
      this.wallNs += block.wallNs;
      if (block.durationsNs.length < this.#asked) return { done: true, reason: 'interrupted' };
      this.runNs = block.wallNs / block.durationsNs.length;
      // The first blocks are sized by a guess; one that turned out short says too little to be a window.
      if (block.wallNs >= this.rule.windowNs / 2) this.#windows.push(median(block.durationsNs));
      if (this.#flat()) return { done: true, reason: 'flat' };
      if (this.wallNs >= this.rule.maxTimeNs) return { done: true, reason: 'max-time' };
    }
    const leftNs = Math.min(this.rule.windowNs, this.rule.maxTimeNs - this.wallNs);
    this.#asked = Math.max(1, Math.round(leftNs / Math.max(1, this.runNs)));
    return { done: false, runs: this.#asked };
  }

  #flat(): boolean {
    if (this.#windows.length < FEWEST_WINDOWS) return false;
    const last = this.#windows.slice(-MOST_WINDOWS);
    const { change, z } = trend(last);
    if (Math.abs(change) <= this.rule.tolerance) return true;
    return last.length === MOST_WINDOWS && Math.abs(z) < ORDERED_Z;
  }
}
