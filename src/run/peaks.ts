// How fast this machine can be at best: its fp32 matrix product and its memory, measured once and remembered by the
// machine's fingerprint. A model's share of these peaks says how much is left to gain.

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../hardware/index.js';
import { writeFileAtomic } from '../util/atomic-file.js';

export type Peaks = NonNullable<Environment['peaks']>;

const WORKER = fileURLToPath(new URL('./peaks-worker.js', import.meta.url));
const LIMIT_MS = 60_000;
/** A machine that is busy shows less than it can: such peaks are used, but not remembered. */
const BUSY = new Set(['high-load', 'cgroup-throttling', 'on-battery']);

function remembered(path: string): Peaks | null {
  try {
    const { gemmGflops, memoryBytesPerSecond } = JSON.parse(readFileSync(path, 'utf8')) as Peaks;
    const sound = [gemmGflops, memoryBytesPerSecond].every(
      (value) => value === null || (Number.isFinite(value) && value > 0),
    );
    return sound ? { gemmGflops, memoryBytesPerSecond } : null;
  } catch {
    return null;
  }
}

/** In a process of its own, as cases are. Null when it fails: a run does not depend on it. */
function measured(lastLevelCacheBytes: number | null): Promise<Peaks | null> {
  return new Promise((resolve) => {
    const child = fork(WORKER, [JSON.stringify(lastLevelCacheBytes)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    let peaks: Peaks | null = null;
    child.on('message', (message: Peaks) => {
      peaks = message;
    });
    child.on('error', () => {});
    child.on('close', () => {
      clearTimeout(timer);
      resolve(peaks);
    });
  });
}

/** @param folder where peaks are remembered; it need not exist or be writable */
export async function machinePeaks(environment: Environment, folder: string): Promise<Peaks | null> {
  const path = join(folder, `peaks-${environment.fingerprint}.json`);
  const known = remembered(path);
  if (known !== null) return known;
  const peaks = await measured(environment.cpu.l3Bytes);
  if (peaks !== null && !environment.warnings.some(({ code }) => BUSY.has(code))) {
    try {
      writeFileAtomic(path, `${JSON.stringify(peaks)}\n`);
    } catch {
      // It is measured again next time.
    }
  }
  return peaks;
}
