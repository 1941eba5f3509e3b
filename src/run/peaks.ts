<<<<<<< HEAD
// How fast this machine can be at best: its fp32 matrix product and its memory, measured once and remembered by the
// machine's fingerprint. A model's share of these peaks says how much is left to gain.

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../hardware/index.js';
=======
// How fast this machine multiplies matrices and reads memory at best: what a model's rates are held against.
// Measured once per machine and library, kept in the user's cache.

import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../hardware/index.js';
import { ortLibraryPath } from '../runtime/ort-library.js';
>>>>>>> main
import { writeFileAtomic } from '../util/atomic-file.js';

export type Peaks = NonNullable<Environment['peaks']>;

<<<<<<< HEAD
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
=======
const TIMEOUT_MS = 60_000;

/** $HFBENCH_CACHE, or hfbench in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.HFBENCH_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hfbench');
}

/**
 * The peaks of this machine; null when they cannot be measured: a run goes on without them.
 * @param environment its fingerprint decides together with the library whether a kept value still holds
 */
export async function machinePeaks(environment: Environment, ortLibrary: string | null): Promise<Peaks | null> {
  const file = join(cacheFolder(), 'peaks', `${keyOf(environment.fingerprint, ortLibrary)}.json`);
  const kept = readKept(file);
  if (kept) return kept;
  const measured = await measure(ortLibrary);
  // What a busy machine reached is no peak: it serves this run alone.
  if (!measured || isBusy(environment)) return measured;
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileAtomic(file, JSON.stringify(measured));
  } catch {
    // A cache that cannot be written costs two seconds at the next run, nothing else.
  }
  return measured;
}

const isBusy = ({ state, cpu }: Environment): boolean => state.load1 !== null && state.load1 > cpu.logicalCores / 2;

function keyOf(fingerprint: string, ortLibrary: string | null): string {
  const path = ortLibraryPath(ortLibrary);
  const stat = statSync(path, { throwIfNoEntry: false });
  return createHash('sha256')
    .update(`${fingerprint} ${path} ${stat?.size} ${stat?.mtimeMs}`)
    .digest('hex')
    .slice(0, 24);
}

const isRate = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;

function readKept(file: string): Peaks | null {
  try {
    const { gemmGflops, memoryBytesPerSecond } = JSON.parse(readFileSync(file, 'utf8')) as Peaks;
    return isRate(gemmGflops) && isRate(memoryBytesPerSecond) ? { gemmGflops, memoryBytesPerSecond } : null;
>>>>>>> main
  } catch {
    return null;
  }
}

<<<<<<< HEAD
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
=======
function measure(ortLibrary: string | null): Promise<Peaks | null> {
  return new Promise((resolve) => {
    const child = fork(new URL('./peaks-worker.js', import.meta.url), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    let peaks: Peaks | null = null;
    child.on('message', (message) => {
      peaks = message as Peaks;
    });
    child.on('error', () => {});
    child.on('exit', () => {
      clearTimeout(timer);
      resolve(peaks);
    });
    child.send({ ortLibrary }, () => {});
  });
}
>>>>>>> main
