// Public face of this folder. It does not load the addon: whoever has loaded it passes on what it found out.

import { hfbenchVersion } from '../util/version.js';
import { collectEnvironment } from './collect.js';
import type { Environment } from './environment.js';

export { availableMemoryBytes } from './available-memory.js';
export type { Environment } from './environment.js';
export { stableFacts } from './fingerprint.js';
export { clockDriftWarning } from './warnings.js';

/**
 * Describes this machine and its state now.
 * @param native facts and measurements of the addon; without it both are unknown
 */
export function readEnvironment(
  native: Pick<Environment, 'addon' | 'peaks'> = { addon: null, peaks: null },
): Promise<Environment> {
  return collectEnvironment({ ...native, node: process.versions.node, hfbench: hfbenchVersion() }, process.cwd());
}
