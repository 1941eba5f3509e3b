import type { Environment } from './environment.js';
import { fingerprint } from './fingerprint.js';
import { gitCommit } from './git-commit.js';
import { linuxFacts } from './linux.js';
import { macosFacts } from './macos.js';
import { type Probe, systemProbe } from './probe.js';
import { plainFacts, type SystemFacts } from './system-facts.js';
import { machineWarnings } from './warnings.js';
import { windowsFacts } from './windows.js';

/** What only the caller knows: this layer does not load the addon. */
export type CallerFacts = Pick<Environment, 'node' | 'hfbench' | 'addon' | 'peaks'>;

/**
 * Describes this machine now. Takes some milliseconds on Linux, up to a second or two on Windows (PowerShell starts).
 * @param folder whose git commit is recorded
 */
export async function collectEnvironment(
  caller: CallerFacts,
  folder: string,
  probe: Probe = systemProbe(),
): Promise<Environment> {
  const [{ distribution, ...system }, commit] = await Promise.all([systemFacts(probe), gitCommit(probe, folder)]);
  const described = {
    ...system,
    os: { platform: probe.platform, release: probe.release, distribution },
    ...caller,
    gitCommit: commit,
  };
  return { fingerprint: fingerprint(described), ...described, warnings: machineWarnings(described) };
}

async function systemFacts(probe: Probe): Promise<SystemFacts> {
  if (probe.platform === 'linux') return linuxFacts(probe);
  if (probe.platform === 'darwin') return macosFacts(probe);
  if (probe.platform === 'win32') return windowsFacts(probe);
  return plainFacts(probe);
}
