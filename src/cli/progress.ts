// One line on a terminal's standard error that says where a run is and when it will end.

import { stripVTControlCharacters } from 'node:util';
import { PHASE_WORDS, type Phase } from '../run/protocol.js';
import { formatBytes } from '../util/number-format.js';

export interface ProgressState {
  /** Cases finished and all cases. */
  done: number;
  total: number;
  label: string;
  phase: Phase;
  /** Of the phase, 0 to 1. */
  fraction: number;
  elapsedNs: number;
  /** Of the cases that were measured in this run; 0 before the first. */
  perCaseNs: number;
}

const ERASE_LINE = '\r\x1b[2K';
const BAR_CELLS = 20;
/** Share of a case that is over when a phase begins, as typical cases go. */
const PHASE_START: Record<Phase, number> = {
  start: 0,
  build: 0.02,
  reference: 0.03,
  open: 0.05,
  'first-run': 0.15,
  verify: 0.18,
  'warm-up': 0.2,
  sample: 0.4,
  done: 1,
};

function clock(ns: number): string {
  const seconds = Math.round(ns / 1e9);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = `${Math.floor(seconds / 60) % 60}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${minutes.padStart(5, '0')}` : minutes;
}

function withinCase({ phase, fraction }: ProgressState): number {
  const span = phase === 'sample' ? 0.6 : phase === 'warm-up' ? 0.2 : 0;
  return Math.min(1, PHASE_START[phase] + span * fraction);
}

/** At most `width` cells. */
export function progressLine(state: ProgressState, width: number): string {
  const { done, total, label, phase, elapsedNs, perCaseNs } = state;
  const share = Math.min(1, (done + withinCase(state)) / total);
  const filled = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const left = perCaseNs > 0 ? `ETA ${clock(perCaseNs * Math.max(0, total * (1 - share)))}` : clock(elapsedNs);
  const head = `${bar} ${Math.min(done + 1, total)}/${total} ${left}  `;
  const text = `${head}${stripVTControlCharacters(label)}, ${PHASE_WORDS[phase]}`;
  return [...text].slice(0, Math.max(0, width)).join('');
}

function isShown(quiet: boolean): boolean {
  return !quiet && process.stderr.isTTY === true && process.env.TERM !== 'dumb';
}

/** Shows a line on a terminal for as long as the work takes. */
export async function whileShowing<T>(text: string, quiet: boolean, work: () => Promise<T>): Promise<T> {
  if (!isShown(quiet)) return work();
  process.stderr.write(text);
  try {
    return await work();
  } finally {
    process.stderr.write(ERASE_LINE);
  }
}

/** Draws at most ten times a second; erases itself. Silent where standard error is no terminal. */
export class Progress {
  readonly #stream = process.stderr;
  readonly #shown: boolean;
  readonly #startedMs = performance.now();
  #drawnMs = Number.NEGATIVE_INFINITY;
  #measured = 0;
  #measuredMs = 0;
  #caseStartedMs = 0;
  #state = { done: 0, label: '', phase: 'start' as Phase, fraction: 0 };

  constructor(
    private readonly total: number,
    quiet: boolean,
  ) {
    this.#shown = isShown(quiet);
  }

  start(label: string): void {
    this.#caseStartedMs = performance.now();
    this.#state = { ...this.#state, label, phase: 'start', fraction: 0 };
    this.#draw(true);
  }

  update(phase: Phase, fraction: number): void {
    this.#state = { ...this.#state, phase, fraction };
    this.#draw(false);
  }

  /** @param resumed it took no time now, so it says nothing about the others */
  finish(resumed: boolean): void {
    this.#state.done++;
    if (resumed) return;
    this.#measured++;
    this.#measuredMs += performance.now() - this.#caseStartedMs;
  }

  clear(): void {
    if (this.#shown) this.#stream.write(ERASE_LINE);
  }

  #draw(now: boolean): void {
    const nowMs = performance.now();
    if (!this.#shown || (!now && nowMs - this.#drawnMs < 100)) return;
    this.#drawnMs = nowMs;
    const state = {
      ...this.#state,
      total: this.total,
      elapsedNs: (nowMs - this.#startedMs) * 1e6,
      perCaseNs: this.#measured === 0 ? 0 : (this.#measuredMs / this.#measured) * 1e6,
    };
    this.#stream.write(`${ERASE_LINE}${progressLine(state, (this.#stream.columns ?? 80) - 1)}`);
  }
}

/** Shows how far the download of a checkpoint is; silent where nobody looks. */
export class DownloadBar {
  private readonly shown: boolean;

  constructor(quiet: boolean) {
    this.shown = !quiet && process.stderr.isTTY === true;
  }

  readonly show = (doneBytes: number, totalBytes: number, file: string): void => {
    if (!this.shown) return;
    const part = totalBytes > 0 ? `${Math.floor((doneBytes / totalBytes) * 100)} %` : '';
    process.stderr.write(
      `\r\u001b[Kdownloading ${file}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} ${part}`,
    );
  };

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
  }
}
