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
 * @param peaks false leaves the peaks out: measuring them takes seconds
 * @throws UsageError for a script that is none
 */
export async function surroundings(
  settings: RunSettings,
  native: boolean,
  { peaks } = { peaks: true },
): Promise<Surroundings> {
  if (settings.fakeScript !== null) {
    const { environment, now } = readFakeScript(settings.fakeScript);
    return { environment, now: () => now };
  }
  const { readEnvironment } = await import('../hardware/index.js');
  const environment = native ? await withNativeFacts(readEnvironment, settings, peaks) : await readEnvironment();
  return { environment, now: () => new Date().toISOString() };
}

async function withNativeFacts(
  readEnvironment: (native: Pick<Environment, 'addon' | 'peaks'>) => Promise<Environment>,
  settings: RunSettings,
  peaks: boolean,
): Promise<Environment> {
  const [{ addonFacts }, { machinePeaks }] = await Promise.all([
    import('../runtime/native.js'),
    import('../run/peaks.js'),
  ]);
  const environment = await readEnvironment({ addon: addonFacts(), peaks: null });
  return !peaks ? environment : { ...environment, peaks: await machinePeaks(environment, settings.ortLibrary) };
}
