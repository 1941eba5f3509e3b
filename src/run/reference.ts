// The outputs that a case's are compared with, computed before its own session opens, in a process of its own: what the CPU
// provider allocates, starts and caches is gone before anything is measured, and is no part of the case's peak memory.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostTensor } from '../util/tensor.js';
import type { Case } from './case.js';
import type { RunSettings } from './settings.js';

const WORKER = fileURLToPath(new URL('./reference-worker.js', import.meta.url));

export type Reference =
  /** `feedSet`: which of the sets of inputs the model ran with. */
  { outputs: Record<string, HostTensor>; feedSet: number } | { problem: string };

export interface ReferenceRequest {
  case: Case;
  settings: RunSettings;
}

/** Never rejects. The child ends with this process's group when the case is killed. */
export function computeReference(request: ReferenceRequest): Promise<Reference> {
  return new Promise((resolve) => {
    const child = fork(WORKER, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
    let answer: Reference | null = null;
    child.on('message', (message) => {
      answer = message as Reference;
      // Nothing more is wanted of it; exit handlers of a library might not end.
      child.kill('SIGKILL');
    });
    child.on('error', () => {});
    child.on('close', (code, signal) =>
      resolve(answer ?? { problem: `the CPU provider's process ended (${signal ?? `code ${code}`})` }),
    );
    child.send(request, () => {});
  });
}
