// One line on a terminal that says which session of which cell is playing.

import { oneLine } from '../util/one-line.js';
import { note } from './terminal.js';

const ERASE_LINE = '\r\x1b[2K';
const DRAW_MS = 100;

export class DuetProgress {
  readonly #shown: boolean;
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly total: number,
    quiet: boolean,
  ) {
    this.#shown = !quiet && process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** What playSessions tells of one cell; `most` sessions at the utmost. */
  cell(index: number, label: string, most: number) {
    return {
      onRound: (session: number, fraction: number): void => {
        const nowMs = performance.now();
        if (!this.#shown || nowMs - this.#drawnMs < DRAW_MS) return;
        this.#drawnMs = nowMs;
        const share = `${String(Math.round(fraction * 100)).padStart(3)} %`;
        const text = `${index + 1}/${this.total} ${oneLine(label, 60)}, session ${session + 1} of at most ${most} ${share}`;
        process.stderr.write(`${ERASE_LINE}${[...text].slice(0, (process.stderr.columns ?? 80) - 1).join('')}`);
      },
      onSession: (): void => {},
    };
  }

  say(text: string): void {
    this.clear();
    note(text);
  }

  clear(): void {
    if (this.#shown) process.stderr.write(ERASE_LINE);
  }
}
