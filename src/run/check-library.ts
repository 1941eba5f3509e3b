// Is the library of --ort-lib usable? Asked before a run starts, in a process of its own.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../util/error.js';

const PROBE = fileURLToPath(new URL('./library-probe.js', import.meta.url));
const LIMIT_MS = 30_000;

/** @throws UsageError that says why it is not */
export async function checkLibrary(path: string): Promise<void> {
  const problem = await new Promise<string | null>((resolve) => {
    const child = fork(PROBE, [path], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    let answer: { problem: string | null } | null = null;
    child.on('message', (message) => {
      answer = message as { problem: string | null };
    });
    child.on('error', () => {});
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(answer === null ? `loading it ended the process (${signal ?? `code ${code}`})` : answer.problem);
    });
  });
  if (problem !== null) throw new UsageError(`--ort-lib ${path}: ${problem}`);
}
