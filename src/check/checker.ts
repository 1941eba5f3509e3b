// Tries cells in a worker that is replaced when it dies, hangs, or has failed.

import { type ChildProcess, fork } from 'node:child_process';
import type { CellChoice } from '../matrix/cell.js';
import { oneLine } from '../util/one-line.js';
import {
  type CheckAnswer,
  type CheckRequest,
  type Found,
  NOTHING_FOUND,
  PHASE_WORDS,
  type ToParent,
} from './protocol.js';

const TAIL_BYTES = 4096;
const POSIX = process.platform !== 'win32';

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

class Running {
  readonly #child: ChildProcess;
  #tail = '';

  constructor(
    module: URL,
    readonly provider: string,
  ) {
    // Its standard input stays open as long as this process lives: see util/watchdog.ts.
    this.#child = fork(module, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], detached: POSIX });
    const keep = (chunk: Buffer) => {
      this.#tail = (this.#tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    };
    this.#child.stdout!.on('data', keep);
    this.#child.stderr!.on('data', keep);
    this.#child.stdin!.on('error', () => {}); // the worker may be gone already
  }

  ask(request: CheckRequest, timeoutMs: number, cancel: AbortSignal): Promise<CheckAnswer | null> {
    const child = this.#child;
    this.#tail = '';
    let phase: keyof typeof PHASE_WORDS = 'build';
    let found: Found = { ...NOTHING_FOUND };
    return new Promise((resolve) => {
      const finish = (answer: CheckAnswer | null): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.on('error', () => {}); // of a worker that is being killed
        cancel.removeEventListener('abort', onCancel);
        resolve(answer);
      };
      const fail = (code: string, message: string): void => finish({ found: { ...found, problem: { code, message } } });
      const onCancel = (): void => finish(null);
      const timer = setTimeout(
        () => fail('timeout', `no answer within ${timeoutMs / 1000} s, it was ${PHASE_WORDS[phase]}`),
        timeoutMs,
      );
      cancel.addEventListener('abort', onCancel, { once: true });
      child.on('message', (message: ToParent) => {
        if ('answer' in message) return finish(message.answer);
        phase = message.phase;
        if (message.found) found = { ...message.found, ...(phase === 'load' ? { loads: false } : { runs: false }) };
      });
      // 'exit' may come before the last words.
      child.once('exit', (code, signal) => setTimeout(() => fail('crash', this.#lastWords(code, signal, phase)), 20));
      child.once('error', (error) => fail('spawn', oneLine(error.message)));
      child.send(request, (error) => error && fail('crash', `the process was gone: ${oneLine(error.message)}`));
    });
  }

  #lastWords(code: number | null, signal: NodeJS.Signals | null, phase: keyof typeof PHASE_WORDS): string {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    // Node's own stack dump after an abort tells nothing of the provider.
    const said = oneLine(this.#tail.split('----- Native stack trace -----')[0]!, 300);
    return `the process ${how} while ${PHASE_WORDS[phase]}${said === '' ? '' : `; it said: ${said}`}`;
  }

  get gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  kill(): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(POSIX ? -pid : pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}
