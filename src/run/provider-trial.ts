// Which providers start on this machine? Each is tried with a small graph in a process of its own, for a limited time.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EpDevice } from '../../binding/index.js';
import { oneLine } from '../util/one-line.js';

const WORKER = fileURLToPath(new URL('./provider-trial-worker.js', import.meta.url));
const TAIL_BYTES = 4096;

export interface TrialRequest {
  /** Null: only tell what the library is. */
  provider: string | null;
  providerOptions: Record<string, string>;
  ortLibrary: string | null;
  providerLibraries: { name: string; path: string }[];
}

export interface LibraryFacts {
  version: string;
  path: string | null;
  providers: string[];
  devices: EpDevice[];
}

export type Trial =
  /** A session ran; `tookNode`: the provider itself ran the node, not the CPU's; null where the library cannot tell. */
  | { state: 'starts'; tookNode: boolean | null; deviceMemory: string | null; startMs: number }
  /** Not in this library, or not on this system. */
  | { state: 'absent'; reason: string; advice: string }
  | { state: 'fails'; code: string; reason: string; advice: string };

type Answer = { trial: Trial } | { library: LibraryFacts } | { error: string };

function ask(request: TrialRequest, timeoutMs: number): Promise<Answer | { ended: string }> {
  return new Promise((resolve) => {
    const child = fork(WORKER, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let answer: Answer | null = null;
    let late = false;
    let said = '';
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream!.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString('utf8')).slice(-TAIL_BYTES);
      });
    }
    child.on('message', (message) => {
      answer = message as Answer;
      child.kill('SIGKILL'); // exit handlers of providers may hang
    });
    child.on('error', () => {});
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const words = oneLine(said.split('----- Native stack trace -----')[0]!, 200);
      const ended = late
        ? `did not start within ${timeoutMs / 1000} s`
        : `ended the process (${signal ?? `code ${code}`})`;
      resolve(answer ?? { ended: words === '' ? ended : `${ended}; it said: ${words}` });
    });
    child.send(request, () => {});
  });
}

/** Never rejects for what the provider does. */
export async function tryProvider(request: TrialRequest, timeoutMs: number): Promise<Trial> {
  const answer = await ask(request, timeoutMs);
  if ('trial' in answer) return answer.trial;
  const reason = 'ended' in answer ? answer.ended : 'error' in answer ? answer.error : 'no answer';
  const code = 'ended' in answer && reason.startsWith('did not') ? 'timeout' : 'crash';
  return {
    state: 'fails',
    code,
    reason,
    advice: 'look at it with: HFBENCH_ORT_LOG=verbose hfbench run --size tiny vit --ep ...',
  };
}

/** @returns the reason in one line where the library cannot be used */
export async function libraryFacts(
  request: Omit<TrialRequest, 'provider'>,
  timeoutMs: number,
): Promise<LibraryFacts | string> {
  const answer = await ask({ ...request, provider: null }, timeoutMs);
  if ('library' in answer) return answer.library;
  return 'error' in answer ? answer.error : 'ended' in answer ? `loading it ${answer.ended}` : 'no answer';
}
