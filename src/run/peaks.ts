// How fast this machine multiplies matrices and reads memory at best: what a model's rates are held against.
// Measured once per machine and library, kept in the user's cache.

import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../hardware/index.js';
import { ortLibraryPath } from '../runtime/ort-library.js';
import { writeFileAtomic } from '../util/atomic-file.js';

export type Peaks = NonNullable<Environment['peaks']>;

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
  } catch {
    return null;
  }
}

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
