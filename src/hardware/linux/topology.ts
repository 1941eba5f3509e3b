import type { Probe } from '../probe.js';

const CPUS = '/sys/devices/system/cpu';

/** Physical cores and sockets as sysfs groups the logical CPUs: for architectures whose /proc/cpuinfo does not tell. */
export function topology(probe: Probe): { physicalCores: number | null; sockets: number | null } {
  const folders = probe.list(CPUS).filter((name) => /^cpu\d+$/.test(name));
  const distinct = (file: string) => {
    const values = folders
      .map((name) => probe.read(`${CPUS}/${name}/topology/${file}`))
      .filter((value) => value !== null);
    return values.length > 0 ? new Set(values).size : null;
  };
  return { physicalCores: distinct('thread_siblings_list'), sockets: distinct('physical_package_id') };
}

export function numaNodes(probe: Probe): number | null {
  return probe.list('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name)).length || null;
}

/** Sizes of the caches that the first CPU uses. */
export function caches(probe: Probe): { l1dBytes: number | null; l2Bytes: number | null; l3Bytes: number | null } {
  const sizes = new Map<string, number>();
  for (const index of probe.list(`${CPUS}/cpu0/cache`).filter((name) => /^index\d+$/.test(name))) {
    const read = (file: string) => probe.read(`${CPUS}/cpu0/cache/${index}/${file}`);
    const bytes = parseSize(read('size') ?? '');
    if (bytes !== null && read('type') !== 'Instruction') sizes.set(read('level') ?? '', bytes);
  }
  return { l1dBytes: sizes.get('1') ?? null, l2Bytes: sizes.get('2') ?? null, l3Bytes: sizes.get('3') ?? null };
}

/** Sizes as sysfs writes them: '48K', '2048K', '32M'. */
export function parseSize(text: string): number | null {
  const match = /^(\d+)([KMG]?)$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * 2 ** (10 * ['', 'K', 'M', 'G'].indexOf(match[2]!));
}

/** Number of CPUs in a list such as '0-3,8,10-11'. */
export function countCpus(list: string): number | null {
  const parts = list.split(',').map((part) => /^(\d+)(?:-(\d+))?$/.exec(part.trim()));
  if (parts.some((part) => part === null)) return null;
  return parts.reduce((sum, part) => sum + Number(part![2] ?? part![1]) - Number(part![1]) + 1, 0);
}
