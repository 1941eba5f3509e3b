// Checks many references through a worker that is replaced when it dies or hangs.

import { type ChildProcess, fork } from 'node:child_process';
import type { CheckAnswer, CheckRequest } from './worker.js';

export interface Checked {
  name: string;
  /** Largest error of an output; null where the check failed before. */
  worst: number | null;
  output: string | null;
  failure: string | null;
}

export interface CheckOptions extends Omit<CheckRequest, 'name'> {
  /** Largest relative L2 error that passes. */
  limit: number;
  timeoutMs: number;
  onChecked?: (checked: Checked, done: number) => void;
}

export async function checkAll(names: readonly string[], options: CheckOptions): Promise<Checked[]> {
  const { limit, timeoutMs, onChecked, ...request } = options;
  const results: Checked[] = [];
  let worker: ChildProcess | null = null;
  for (const name of names) {
    worker ??= fork(new URL('./worker.js', import.meta.url), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const answer = await ask(worker, { ...request, name }, timeoutMs);
    if ('failure' in answer && answer.dead) worker = null;
    const checked = judge(name, answer, limit);
    results.push(checked);
    onChecked?.(checked, results.length);
  }
  worker?.kill();
  return results;
}

function judge(name: string, answer: CheckAnswer, limit: number): Checked {
  if ('failure' in answer) return { name, worst: null, output: null, failure: answer.failure };
  const worst = answer.errors.reduce((a, b) => (b.relativeL2 > a.relativeL2 ? b : a));
  const wrong = worst.relativeL2 > limit;
  const failure = wrong
    ? `output '${worst.output}' is off by ${worst.relativeL2.toExponential(1)}, more than ${limit.toExponential(0)}`
    : null;
  return { name, worst: worst.relativeL2, output: worst.output, failure };
}

type Answer = { errors: Extract<CheckAnswer, { errors: unknown }>['errors'] } | { failure: string; dead?: boolean };

function ask(worker: ChildProcess, request: CheckRequest, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      worker.kill('SIGKILL');
      finish({ failure: `no answer within ${timeoutMs / 1000} s`, dead: true });
    }, timeoutMs);
    worker.once('message', (answer) => finish(answer as CheckAnswer));
    worker.once('exit', (code, signal) =>
      finish({ failure: `the process died (${signal ?? `exit code ${code}`})`, dead: true }),
    );
    worker.once('error', (error) => finish({ failure: error.message, dead: true }));
    worker.send(request, () => {});
  });
}
