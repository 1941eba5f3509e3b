// Tries cells in a worker that is replaced when it dies, hangs, or has failed.

import { fileURLToPath } from 'node:url';
import type { CellChoice, Problem } from '../matrix/cell.js';
import { type Ending, reasonOfEnd, startWorker, type WorkerProcess } from '../run/worker-process.js';
import {
  type CheckAnswer,
  type CheckRequest,
  type Found,
  NOTHING_FOUND,
  PHASE_WORDS,
  type ToParent,
} from './protocol.js';

export interface CheckOptions extends Pick<CheckRequest, 'folder' | 'ortLibrary' | 'providerLibraries'> {
  /** A cell that takes longer has failed. */
  timeoutMs: number;
  cancel: AbortSignal;
  /** The worker's module; tests give one that misbehaves. */
  worker?: URL;
}

/** One cell after another; close() ends the worker. */
export class Checker {
  #worker: Running | null = null;

  constructor(private readonly options: CheckOptions) {}

  /** Never rejects: what goes wrong is what was found. Null: cancelled. */
  async check(cell: CellChoice, limit: number, known: Found | null): Promise<CheckAnswer | null> {
    const { folder, ortLibrary, providerLibraries, cancel, worker } = this.options;
    if (cancel.aborted) return null;
    // What one provider did to its process shall not touch another's cells.
    if (this.#worker && (this.#worker.gone || this.#worker.provider !== cell.provider)) this.close();
    this.#worker ??= new Running(worker ?? new URL('./worker.js', import.meta.url), cell.provider);
    const request: CheckRequest = { folder, ortLibrary, providerLibraries, cell, limit, known };
    const answer = await this.#worker.ask(request, this.options.timeoutMs, cancel);
    if (answer === null || ('found' in answer && answer.found.problem)) this.close();
    return answer;
  }

  close(): void {
    this.#worker?.kill();
    this.#worker = null;
  }
}

/** A worker that is asked one thing at a time. */
class Running {
  readonly #worker: WorkerProcess<CheckRequest>;
  #hear: (message: ToParent) => void = () => {};
  #mourn: (ending: Ending) => void = () => {};
  gone = false;

  constructor(
    module: URL,
    readonly provider: string,
  ) {
    this.#worker = startWorker<CheckRequest, ToParent>(fileURLToPath(module), {
      onMessage: (message) => this.#hear(message),
      onEnd: (ending) => {
        this.gone = true;
        this.#mourn(ending);
      },
    });
  }

  ask(request: CheckRequest, timeoutMs: number, cancel: AbortSignal): Promise<CheckAnswer | null> {
    let phase: keyof typeof PHASE_WORDS = 'build';
    let found: Found = { ...NOTHING_FOUND };
    return new Promise((resolve) => {
      const finish = (answer: CheckAnswer | null): void => {
        clearTimeout(timer);
        this.#hear = () => {};
        this.#mourn = () => {};
        cancel.removeEventListener('abort', onCancel);
        resolve(answer);
      };
      const fail = (problem: Problem): void => finish({ found: { ...found, problem } });
      const onCancel = (): void => finish(null);
      const timer = setTimeout(() => {
        const message = `no answer within ${timeoutMs / 1000} s, it was ${PHASE_WORDS[phase]}`;
        fail({ code: 'timeout', message });
      }, timeoutMs);
      cancel.addEventListener('abort', onCancel, { once: true });
      this.#hear = (message) => {
        if ('answer' in message) return finish(message.answer);
        phase = message.phase;
        if (message.found) found = { ...message.found, ...(phase === 'load' ? { loads: false } : { runs: false }) };
      };
      this.#mourn = (ending) =>
        fail(
          ending.spawnError === null
            ? reasonOfEnd(ending, PHASE_WORDS[phase])
            : { code: 'spawn', message: ending.spawnError },
        );
      this.#worker.forget();
      this.#worker.send(request);
    });
  }

  kill(): void {
    this.#worker.kill();
  }
}
