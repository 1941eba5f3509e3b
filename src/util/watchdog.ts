// Runs as a thread of a worker process and sleeps in a read of its standard input, which the parent holds open and
// never writes to. It ends when the parent does, however it ends: then nothing of the worker may live on. A thread that
// sleeps takes no time from the measurement, and it works while native code holds the main thread.

import { readSync } from 'node:fs';

const nap = new Int32Array(new SharedArrayBuffer(4));
const byte = new Uint8Array(1);
for (;;) {
  try {
    if (readSync(0, byte) === 0) break;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EOF') break;
    if (code !== 'EAGAIN') break;
    Atomics.wait(nap, 0, 0, 200);
  }
}
// The worker leads a process group of its own (its parent forks it detached), so that what it started goes too.
process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
