// Ctrl-C: once to stop and keep what was measured, twice to end at once.

import { killAllWorkers } from '../run/worker-process.js';

/** What a shell reports for a program that a signal ended: 128 and the signal's number. */
const SIGINT_EXIT = 130;

/** @param onFirst says what happens now */
export function watchInterrupts(onFirst: () => void): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      killAllWorkers();
      process.exit(SIGINT_EXIT);
    }
    controller.abort();
    onFirst();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
