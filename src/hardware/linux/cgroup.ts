// Limits that cgroups set on this process: versions 1, 2, and both at once (kernel: Documentation/admin-guide/cgroup-v1, cgroup-v2.rst).

import type { Probe } from '../probe.js';

export interface CgroupLimits {
  /** CPUs' worth of time per time. */
  cpus: number | null;
  memoryBytes: number | null;
  /** Memory that this cgroup holds and could not give back at once: file cache not in use is left out, as the kubelet does. */
  memoryUsedBytes: number | null;
  /** Since the cgroup was made; null without a CPU limit. */
  throttledUs: number | null;
}

/** Every limit counts, up to the root of the hierarchy as far as it is mounted: the tightest one holds. */
export function cgroupLimits(probe: Probe): CgroupLimits {
  const membership = parseMembership(probe.read('/proc/self/cgroup') ?? '');
  const mounts = parseCgroupMounts(probe.read('/proc/self/mountinfo') ?? '');
  const cpu = controllerFolders('cpu', membership, mounts);
  const memory = controllerFolders('memory', membership, mounts);
  const cpus = tightest(
    cpu.folders.map((folder) => (cpu.version === 2 ? cpusV2(probe, folder) : cpusV1(probe, folder))),
  );
  const limits = memory.folders.map((folder) => memoryLimit(probe, folder, memory.version));
  const memoryBytes = tightest(limits);
  const holder = memory.folders[limits.indexOf(memoryBytes)];
  return {
    cpus,
    memoryBytes,
    memoryUsedBytes: memoryBytes === null || !holder ? null : memoryUsed(probe, holder, memory.version),
    throttledUs: cpus === null ? null : throttled(probe, cpu.folders),
  };
}

/** /proc/self/cgroup: controller -> path; version 2 has the empty name. */
export function parseMembership(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers?.split(',') ?? []) paths.set(controller, path!);
  }
  return paths;
}

export interface CgroupMount {
  /** Which part of the hierarchy is mounted: a container often sees only its own. */
  root: string;
  folder: string;
  /** Controllers of a version 1 hierarchy; null for version 2. */
  controllers: string[] | null;
}

/** /proc/self/mountinfo (proc(5)): id, parent, device, root, mount point, options, optional fields, '-', type, source, super options. */
export function parseCgroupMounts(text: string): CgroupMount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, folder] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || folder === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    return [{ root, folder, controllers: type === 'cgroup' ? options.split(',') : null }];
  });
}

/** The cgroup's folder for a controller and those above it. A version 1 mount of the controller goes before version 2. */
function controllerFolders(controller: string, membership: Map<string, string>, mounts: CgroupMount[]) {
  const v1 = mounts.find(({ controllers }) => controllers?.includes(controller));
  const mount = v1 ?? mounts.find(({ controllers }) => controllers === null);
  const path = membership.get(v1 ? controller : '');
  if (!mount || path === undefined) return { version: 2, folders: [] };
  // Paths are relative to the cgroup namespace; one outside of the mounted part ('/..', or not below `root`) cannot be seen.
  const below = mount.root === '/' ? path : path.startsWith(mount.root) ? path.slice(mount.root.length) : '';
  const parts = below.includes('..') ? [] : below.split('/').filter((part) => part !== '');
  const folders = parts.map((_, i) => [mount.folder, ...parts.slice(0, parts.length - i)].join('/'));
  return { version: v1 ? 1 : 2, folders: [...folders, mount.folder] };
}

function cpusV2(probe: Probe, folder: string): number | null {
  const [quota, period] = (probe.read(`${folder}/cpu.max`) ?? 'max').split(' ');
  return quota === 'max' ? null : positive(Number(quota) / Number(period));
}

function cpusV1(probe: Probe, folder: string): number | null {
  const quota = Number(probe.read(`${folder}/cpu.cfs_quota_us`) ?? -1);
  return quota < 0 ? null : positive(quota / Number(probe.read(`${folder}/cpu.cfs_period_us`)));
}

function memoryLimit(probe: Probe, folder: string, version: number): number | null {
  const text = probe.read(`${folder}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`);
  // Version 1 writes 'no limit' as the largest multiple of the page size.
  return text === null || text === 'max' || Number(text) >= 2 ** 62 ? null : positive(Number(text));
}

function memoryUsed(probe: Probe, folder: string, version: number): number | null {
  const usage = probe.read(`${folder}/${version === 2 ? 'memory.current' : 'memory.usage_in_bytes'}`);
  if (usage === null) return null;
  const key = version === 2 ? 'inactive_file' : 'total_inactive_file';
  return Math.max(0, Number(usage) - (stat(probe.read(`${folder}/memory.stat`) ?? '', key) ?? 0));
}

function throttled(probe: Probe, folders: string[]): number | null {
  const times = folders.map((folder) => {
    const text = probe.read(`${folder}/cpu.stat`) ?? '';
    const ns = stat(text, 'throttled_time');
    return stat(text, 'throttled_usec') ?? (ns === null ? null : ns / 1000);
  });
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** A line 'key value' of a stat file. */
function stat(text: string, key: string): number | null {
  const match = new RegExp(`^${key} (\\d+)$`, 'm').exec(text);
  return match ? Number(match[1]) : null;
}

function positive(value: number): number | null {
  return value > 0 && Number.isFinite(value) ? value : null;
}

function tightest(limits: (number | null)[]): number | null {
  const known = limits.filter((limit) => limit !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
