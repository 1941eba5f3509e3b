// A process that works for hfbench: the leader of a group of its own, and gone as soon as its work or its parent is.

import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { constants } from 'node:os';
import { oneLine } from '../util/one-line.js';
import { oomKilledSince, oomKills } from './oom.js';
import type { Reason } from './outcome.js';

const TAIL_BYTES = 4096;
const POSIX = process.platform !== 'win32';

/** How a worker ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The system killed something for lack of memory while the worker lived. */
  outOfMemory: boolean;
  /** Its last words on standard output and error. */
  said: string;
  /** Why it could not be started; null where it was. */
  spawnError: string | null;
}

export interface WorkerEvents<FromWorker> {
  onMessage(message: FromWorker): void;
  /** Comes once. Nothing of the worker's group lives on. */
  onEnd(ending: Ending): void;
}

export interface WorkerProcess<ToWorker> {
  readonly pid: number | undefined;
  /** Lost without a sound where the worker is gone: its end is told anyhow. */
  send(message: ToWorker): void;
  /** What it said so far will not be among its last words. */
  forget(): void;
  /** The watchdog ends the worker: nothing waits for, or crashes in, the exit handlers of a provider. */
  dismiss(): void;
  kill(): void;
}

/** Kills the worker and all that it started: it leads a process group of its own. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(POSIX ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Live workers, for an end at once. */
const running = new Set<ChildProcess>();

export function killAllWorkers(): void {
  for (const child of running) killTree(child);
}

/** @param module path of the worker's module; it starts util/watchdog.ts itself */
export function startWorker<ToWorker, FromWorker>(
  module: string,
  { onMessage, onEnd }: WorkerEvents<FromWorker>,
): WorkerProcess<ToWorker> {
  const killsBefore = oomKills();
  const child = fork(module, [], {
    // Its standard input stays open as long as this process lives: see util/watchdog.ts.
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A group of its own: Ctrl-C in a terminal reaches the parent only, and a kill reaches grandchildren too.
    detached: POSIX,
  });
  running.add(child);
  let tail = '';
  let spawnError: string | null = null;
  let ended = false;
  const end = (code: number | null, signal: NodeJS.Signals | null) => {
    if (ended) return;
    ended = true;
    running.delete(child);
    killTree(child);
    // Node's own stack dump after an abort tells nothing of the provider.
    const said = oneLine(tail.split('----- Native stack trace -----')[0]!, 300);
    onEnd({ code, signal, outOfMemory: oomKilledSince(killsBefore), said, spawnError });
  };
  const keepTail = (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
  };
  child.stdout?.on('data', keepTail);
  child.stderr?.on('data', keepTail);
  child.stdin?.on('error', () => {}); // the worker may be gone already
  child.on('error', (error) => {
    spawnError = oneLine(error.message);
    if (child.pid === undefined) end(null, null);
  });
  child.on('message', (message) => onMessage(message as FromWorker));
  // 'close' waits for the pipes, which a grandchild may hold open; 'exit' is enough, plus a turn for the last words.
  child.on('exit', (code, signal) => setImmediate(() => setTimeout(end, 20, code, signal)));
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as Serializable, () => {});
    },
    forget: () => {
      tail = '';
    },
    dismiss: () => child.stdin?.end(),
    kill: () => killTree(child),
  };
}

function signalName(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code)?.[0];
}

/** @param when what it was doing, e.g. 'opening the session' */
export function reasonOfEnd({ code, signal, outOfMemory, said: words }: Ending, when: string): Reason {
  const said = words === '' ? '' : `; it said: ${words}`;
  if (signal === 'SIGKILL' && outOfMemory) {
    return { code: 'out-of-memory', message: `the system killed the process for lack of memory while ${when}${said}` };
  }
  if (signal === 'SIGKILL') {
    return { code: 'killed', message: `the process was killed (SIGKILL) while ${when}, not by hfbench${said}` };
  }
  // A shell-like code above 128 names the signal where the system hands on only a number.
  const name = signal ?? (code !== null && code > 128 ? signalName(code - 128) : undefined);
  if (name !== undefined) return { code: 'crash', message: `the process crashed (${name}) while ${when}${said}` };
  // Node ends so when its own heap is exhausted, or on a status of the system on Windows.
  const shown = code !== null && code > 0xff ? `0x${code.toString(16)}` : String(code);
  return { code: 'crash', message: `the process ended with code ${shown} while ${when}${said}` };
}
