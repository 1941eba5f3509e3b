import type { Probe } from '../probe.js';

const FOLDER = '/sys/class/powercap';

/** Energy counters of the processor packages (RAPL), microjoules; each begins again at its `range`. */
export interface PackageEnergy {
  path: string;
  microjoules: number;
  range: number;
}

/** Empty where the kernel has none, or keeps them for root (CVE-2020-8694). */
export function packageEnergies(probe: Probe): PackageEnergy[] {
  return probe
    .list(FOLDER)
    .filter((name) => /^intel-rapl:\d+$/.test(name)) // AMD's too; subzones have a second number
    .flatMap((name) => {
      const path = `${FOLDER}/${name}`;
      const [microjoules, range] = ['energy_uj', 'max_energy_range_uj'].map((file) =>
        Number(probe.read(`${path}/${file}`) ?? Number.NaN),
      );
      return Number.isFinite(microjoules) && Number.isFinite(range)
        ? [{ path, microjoules: microjoules!, range: range! }]
        : [];
    });
}

/** Joules between two readings of the same packages; null where one is missing. A counter may have wrapped once. */
export function joulesBetween(before: readonly PackageEnergy[], after: readonly PackageEnergy[]): number | null {
  if (before.length === 0 || before.length !== after.length) return null;
  const micro = after.reduce((sum, { microjoules, range }, index) => {
    const spent = microjoules - before[index]!.microjoules;
    return sum + (spent < 0 ? spent + range : spent);
  }, 0);
  return micro / 1e6;
}
