// Where and when the run takes place; with the fake runtime, where and when its script says.

import type { Environment } from '../hardware/environment.js';
import type { RunSettings } from '../run/settings.js';
import { readFakeScript } from '../runtime/fake.js';

export interface Surroundings {
  environment: Environment;
  /** ISO 8601, UTC. */
  now(): string;
}

/**
 * @param native whether the addon takes part: then its facts and the machine's peaks are told too
 * @throws UsageError for a script that is none
 */
export async function surroundings(settings: RunSettings, native: boolean): Promise<Surroundings> {
  if (settings.fakeScript !== null) {
    const { environment, now } = readFakeScript(settings.fakeScript);
    return { environment, now: () => now };
  }
  const { readEnvironment } = await import('../hardware/index.js');
  const environment = native ? await withNativeFacts(readEnvironment, settings) : await readEnvironment();
  return { environment, now: () => new Date().toISOString() };
}

async function withNativeFacts(
  readEnvironment: (native: Pick<Environment, 'addon' | 'peaks'>) => Promise<Environment>,
  settings: RunSettings,
): Promise<Environment> {
  const [{ addonFacts }, { machinePeaks }] = await Promise.all([
    import('../runtime/native.js'),
    import('../run/peaks.js'),
  ]);
  const environment = await readEnvironment({ addon: addonFacts(), peaks: null });
  return { ...environment, peaks: await machinePeaks(environment, settings.ortLibrary) };
}
