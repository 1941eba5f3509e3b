// The one place that asks the system: everything else in this folder is a pure function of what a probe returns.

import { execFile, execFileSync, type StdioOptions } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { arch, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';

export interface Probe {
  /** As Node names them: 'linux', 'darwin', 'win32'; 'x64', 'arm64'. */
  platform: string;
  architecture: string;
  release: string;
  logicalCores: number;
  /** As the operating system calls the first CPU; often 'unknown' on ARM. */
  cpuModel: string | null;
  totalBytes: number;
  freeBytes: number;
  load1: number;
  exists(path: string): boolean;
  /** Contents without surrounding white space; null where it cannot be read. */
  read(path: string): string | null;
  /** Names in a folder; empty where it cannot be read. */
  list(path: string): string[];
  /** Standard output; null when the program is missing, fails, or takes longer than ten seconds. No shell is involved. */
  run(program: string, args: string[], cwd?: string): Promise<string | null>;
  /** The same at once, for sensors: what runs beside it would show in what they read. Null after one second. */
  runNow(program: string, args: string[]): string | null;
}

/** Numbers of the system are read anew at each call. */
export function systemProbe(): Probe {
  const processors = cpus();
  return {
    platform: platform(),
    architecture: arch(),
    release: release(),
    logicalCores: Math.max(1, processors.length),
    cpuModel: processors[0]?.model.trim() || null,
    totalBytes: totalmem(),
    freeBytes: freemem(),
    load1: loadavg()[0]!,
    exists: existsSync,
    read(path) {
      try {
        return readFileSync(path, 'utf8').trim();
      } catch {
        return null;
      }
    },
    list(path) {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
    run: (program, args, cwd) =>
      new Promise((resolve) => {
        const options = { cwd, timeout: 10_000, maxBuffer: 1 << 24, windowsHide: true };
        execFile(program, args, options, (error, stdout) => resolve(error ? null : stdout));
      }),
    runNow(program, args) {
      try {
        const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
        return execFileSync(program, args, { timeout: 1000, maxBuffer: 1 << 24, encoding: 'utf8', stdio });
      } catch {
        return null;
      }
    },
  };
}
