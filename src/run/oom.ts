// Whether the kernel killed something for lack of memory: its own counters say so, a SIGKILL alone does not.

import { readFileSync } from 'node:fs';

function counterIn(path: string, name: string): number | null {
  try {
    const line = new RegExp(`^${name} (\\d+)$`, 'm').exec(readFileSync(path, 'utf8'));
    return line === null ? null : Number(line[1]);
  } catch {
    return null;
  }
}

/** Files with an `oom_kill` counter that concern this process: its cgroup (v2, v1) and the whole system. */
function counterFiles(): string[] {
  let cgroups = '';
  try {
    cgroups = readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return [];
  }
  const v2 = /^0::(.*)$/m.exec(cgroups)?.[1];
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(cgroups)?.[1];
  return [
    ...(v2 === undefined ? [] : [`/sys/fs/cgroup${v2}/memory.events`, '/sys/fs/cgroup/memory.events']),
    ...(v1 === undefined ? [] : [`/sys/fs/cgroup/memory${v1}/memory.oom_control`]),
    '/proc/vmstat',
  ];
}

/** Kills for lack of memory so far, by counter file; empty where the system does not tell. */
export function oomKills(): Map<string, number> {
  const kills = new Map<string, number>();
  for (const path of counterFiles()) {
    const count = counterIn(path, 'oom_kill');
    if (count !== null) kills.set(path, count);
  }
  return kills;
}

export function oomKilledSince(before: Map<string, number>): boolean {
  const now = oomKills();
  return [...before].some(([path, count]) => (now.get(path) ?? count) > count);
}
