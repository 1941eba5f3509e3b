// A machine made of recorded texts.

import type { Probe } from '../../src/hardware/probe.js';

export interface Recording extends Partial<Omit<Probe, 'exists' | 'read' | 'list' | 'run' | 'runNow'>> {
  /** Path -> contents. Folders are those that the paths name. */
  files?: Record<string, string>;
  /** Beginning of 'program arg arg' -> standard output; anything else is a program that is missing. */
  programs?: Record<string, string>;
}

export function recordedProbe({ files = {}, programs = {}, ...rest }: Recording): Probe {
  const answer = (program: string, args: string[]) => {
    const line = [program, ...args].join(' ');
    return Object.entries(programs).find(([start]) => line.startsWith(start))?.[1] ?? null;
  };
  return {
    platform: 'linux',
    architecture: 'x64',
    release: '6.1.0',
    logicalCores: 2,
    cpuModel: null,
    totalBytes: 8 * 2 ** 30,
    freeBytes: 2 ** 30,
    load1: 0,
    exists: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
    read: (path) => files[path]?.trim() ?? null,
    list: (path) => [
      ...new Set(
        Object.keys(files)
          .filter((file) => file.startsWith(`${path}/`))
          .map((file) => file.slice(path.length + 1).split('/')[0]!),
      ),
    ],
    run: async (program, args) => answer(program, args),
    runNow: answer,
    ...rest,
  };
}
