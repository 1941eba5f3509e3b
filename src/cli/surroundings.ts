// Where and when the run takes place; with the fake runtime, where and when its script says.

import type { Environment } from '../hardware/environment.js';
import type { RunSettings } from '../run/settings.js';
import { readFakeScript } from '../runtime/fake.js';

export interface Surroundings {
  environment: Environment;
  /** ISO 8601, UTC. */
  now(): string;
}

/** @throws UsageError for a script that is none */
export async function surroundings(settings: RunSettings): Promise<Surroundings> {
  if (settings.fakeScript !== null) {
    const { environment, now } = readFakeScript(settings.fakeScript);
    return { environment, now: () => now };
  }
  const { readEnvironment } = await import('../hardware/index.js');
  return { environment: await readEnvironment(), now: () => new Date().toISOString() };
}
