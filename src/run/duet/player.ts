// A worker of a duet as the duet sees it: a question, an answer, one after the other.

import type { Reason } from '../outcome.js';
import { type Ending, reasonOfEnd, startWorker, type WorkerProcess } from '../worker-process.js';
import { DUET_PROTOCOL, type FromDuetWorker, type ToDuetWorker } from './protocol.js';

type Answer<Type extends FromDuetWorker['type']> = Extract<FromDuetWorker, { type: Type }>;

/** Why a worker no longer plays. */
export class PlayerError extends Error {
  constructor(
    readonly kind: 'refused' | 'ended',
    readonly reason: Reason,
  ) {
    super(reason.message);
  }
}

const DOING: Record<FromDuetWorker['type'], string> = {
  ready: 'starting',
  opened: 'opening the session',
  burst: 'playing a burst',
  outputs: 'reading its outputs',
  refused: 'playing',
};

export class Player {
  readonly #worker: WorkerProcess<ToDuetWorker>;
  readonly #ended: Promise<void>;
  #waiting: {
    wanted: FromDuetWorker['type'];
    resolve(answer: FromDuetWorker): void;
    reject(error: Error): void;
  } | null = null;
  #early: FromDuetWorker | null = null;
  #failure: PlayerError | null = null;

  /** @param module path of the worker's module */
  constructor(module: string) {
    let over: () => void;
    this.#ended = new Promise((resolve) => {
      over = resolve;
    });
    this.#worker = startWorker<ToDuetWorker, FromDuetWorker>(module, {
      onMessage: (message) => this.#hear(message),
      onEnd: (ending) => {
        this.#fail(this.#reasonOf(ending));
        over();
      },
    });
  }

  get pid(): number | undefined {
    return this.#worker.pid;
  }

  /** Which hfbench it is. @throws PlayerError where it does not speak this protocol */
  async ready(): Promise<{ hfbench: string }> {
    const { protocol, hfbench } = await this.#expect('ready');
    if (protocol === DUET_PROTOCOL) return { hfbench };
    const message = `hfbench ${hfbench} speaks version ${protocol} of the duet's protocol, this one version ${DUET_PROTOCOL}: use two that agree`;
    throw new PlayerError('refused', { code: 'protocol', message });
  }

  async open(message: Omit<Extract<ToDuetWorker, { type: 'open' }>, 'type'>): Promise<Answer<'opened'>> {
    return this.#ask({ type: 'open', ...message }, 'opened');
  }

  async burst(rewarmRuns: number, runs: number, streams: number): Promise<Answer<'burst'>> {
    return this.#ask({ type: 'burst', rewarmRuns, runs, streams }, 'burst');
  }

  async outputs(): Promise<Answer<'outputs'>> {
    return this.#ask({ type: 'outputs' }, 'outputs');
  }

  /** Ends it at once; `reason` is what a question in progress is answered with. */
  stop(reason: Reason): void {
    this.#fail(new PlayerError('ended', reason));
    this.#worker.kill();
  }

  /** Resolves when it is gone. */
  async dismiss(): Promise<void> {
    this.#worker.dismiss();
    await this.#ended;
  }

  #ask<Type extends FromDuetWorker['type']>(message: ToDuetWorker, wanted: Type): Promise<Answer<Type>> {
    this.#worker.send(message);
    return this.#expect(wanted);
  }

  async #expect<Type extends FromDuetWorker['type']>(wanted: Type): Promise<Answer<Type>> {
    const early = this.#early;
    this.#early = null;
    const answer =
      early ??
      (await new Promise<FromDuetWorker>((resolve, reject) => {
        this.#waiting = { wanted, resolve, reject };
        if (this.#failure) reject(this.#failure);
      }));
    this.#waiting = null;
    if (answer.type === 'refused') throw new PlayerError('refused', answer.reason);
    if (answer.type === wanted) return answer as Answer<Type>;
    const message = `it answered '${String(answer.type)}' where '${wanted}' was expected`;
    throw new PlayerError('refused', { code: 'protocol', message });
  }

  #hear(message: FromDuetWorker): void {
    if (this.#waiting) this.#waiting.resolve(message);
    else this.#early = message;
  }

  #fail(error: PlayerError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
  }

  #reasonOf(ending: Ending): PlayerError {
    if (ending.spawnError !== null) {
      const message = `the process could not be started: ${ending.spawnError}`;
      return new PlayerError('ended', { code: 'spawn', message });
    }
    return new PlayerError('ended', reasonOfEnd(ending, DOING[this.#waiting?.wanted ?? 'ready']));
  }
}
