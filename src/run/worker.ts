// The process in which one case runs. It measures the first case that it is told, answers, and waits for its end.

import { Worker } from 'node:worker_threads';
import type { Session } from '../runtime/session.js';
import { measureCase } from './measure-case.js';
import type { FromWorker, ToWorker } from './protocol.js';

const PROGRESS_MS = 100;

// Ctrl-C is the parent's to handle: it decides what is kept.
process.on('SIGINT', () => {});
new Worker(new URL('../util/watchdog.js', import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
}).unref();

let session: Session | null = null;
let cancelled = false;
let lastProgress = { phase: '', atMs: 0 };

function tell(message: FromWorker): void {
  process.send!(message);
}

process.on('message', async (message: ToWorker) => {
  if (message.type === 'cancel') {
    cancelled = true;
    session?.cancel();
    return;
  }
  const result = await measureCase(message.case, message.settings, {
    cancelled: () => cancelled,
    onSession: (opened) => {
      session = opened;
    },
    onMeasured: (measured, proven) => tell({ type: 'measured', result: measured, proven }),
    onProgress: (phase, fraction) => {
      const nowMs = performance.now();
      if (phase === lastProgress.phase && nowMs - lastProgress.atMs < PROGRESS_MS) return;
      lastProgress = { phase, atMs: nowMs };
      tell({ type: 'progress', phase, fraction });
    },
  });
  tell({ type: 'finished', result });
});
