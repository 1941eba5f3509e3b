// Runs one case in a process of its own, so that whatever happens to it becomes a record.

import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { oneLine } from '../util/one-line.js';
import type { Case } from './case.js';
import { oomKilledSince, oomKills } from './oom.js';
import type { Reason } from './outcome.js';
import { type CaseResult, type FromWorker, PHASE_WORDS, PHASES, type Phase } from './protocol.js';
import type { RunSettings } from './settings.js';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const TAIL_BYTES = 4096;
const POSIX = process.platform !== 'win32';

export interface IsolateOptions {
  /** Aborted: stop after the block in progress and keep what was measured. */
  cancel: AbortSignal;
  onProgress(phase: Phase, fraction: number): void;
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

function signalName(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code)?.[0];
}

function endOf(
  code: number | null,
  signal: NodeJS.Signals | null,
  phase: Phase,
  outOfMemory: boolean,
  tail: string,
): Reason {
  const said = tail === '' ? '' : `; it said: ${tail}`;
  const when = PHASE_WORDS[phase];
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

/** Never rejects for what the case does. */
export function runIsolated(work: Case, settings: RunSettings, options: IsolateOptions): Promise<CaseResult> {
  return new Promise((resolve) => {
    const killsBefore = oomKills();
    const child = fork(WORKER, [], {
      // Its standard input stays open as long as this process lives: see watchdog.ts.
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      // A group of its own: Ctrl-C in a terminal reaches the parent only, and a kill reaches grandchildren too.
      detached: POSIX,
    });
    running.add(child);
    let phase: Phase = 'start';
    let result: CaseResult | null = null;
    let forced: CaseResult | null = null;
    let tail = '';
    let spawnError: Error | null = null;

    const endWith = (ending: CaseResult) => {
      forced ??= ending;
      killTree(child);
    };
    const broken = (state: 'failed' | 'skipped', reason: Reason): CaseResult => ({
      state,
      reason,
      runtime: null,
      model: null,
      warnings: [],
    });

    const timer = setTimeout(() => {
      const seconds = settings.caseTimeoutMs / 1000;
      const message = `no result after ${seconds} s (--case-timeout), it was ${PHASE_WORDS[phase]}`;
      endWith(broken('failed', { code: 'case-timeout', message }));
    }, settings.caseTimeoutMs);

    const onCancel = () => {
      // Before the first sample there is nothing to keep, and a session being opened cannot be interrupted.
      if (PHASES.indexOf(phase) < PHASES.indexOf('sample')) {
        endWith(broken('skipped', { code: 'interrupted', message: `interrupted while ${PHASE_WORDS[phase]}` }));
      } else if (child.connected) {
        child.send({ type: 'cancel' });
      }
    };
    options.cancel.addEventListener('abort', onCancel, { once: true });

    const keepTail = (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    };
    child.stdout?.on('data', keepTail);
    child.stderr?.on('data', keepTail);
    child.stdin?.on('error', () => {}); // the worker may be gone already
    child.on('error', (error) => {
      spawnError = error;
      if (child.pid === undefined) finish(null, null);
    });
    child.on('message', (message: FromWorker) => {
      if (message.type === 'finished') {
        result = message.result;
        // The watchdog ends the worker: nothing waits for, or crashes in, the exit handlers of a provider.
        child.stdin?.end();
      } else {
        phase = message.phase;
        options.onProgress(phase, message.fraction);
        if (options.cancel.aborted) onCancel();
      }
    });

    let finished = false;
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      options.cancel.removeEventListener('abort', onCancel);
      running.delete(child);
      killTree(child);
      if (result !== null) return resolve(result);
      if (forced !== null) return resolve(forced);
      if (spawnError !== null) {
        const message = `the process for the case could not be started: ${oneLine(spawnError.message)}`;
        return resolve(broken('failed', { code: 'spawn', message }));
      }
      // Node's own stack dump after an abort tells nothing of the provider.
      const said = oneLine(tail.split('----- Native stack trace -----')[0]!, 300);
      resolve(broken('failed', endOf(code, signal, phase, oomKilledSince(killsBefore), said)));
    };
    // 'close' waits for the pipes, which a grandchild may hold open; 'exit' is enough, plus a turn for the last words.
    child.on('exit', (code, signal) => setImmediate(() => setTimeout(finish, 20, code, signal)));
    child.send({ type: 'start', case: work, settings }, () => {});
    if (options.cancel.aborted) onCancel();
  });
}
