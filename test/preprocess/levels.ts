// Runs a check at every instruction set level of this machine.

import { loadAddon } from '../../binding/index.js';

/** Calls `check` once a level, then restores the default. */
export function atEveryLevel(check: (level: string) => void): void {
  const addon = loadAddon();
  try {
    for (const level of addon.cpuInfo().isaLevels) {
      addon.forceIsa(level);
      check(level);
    }
  } finally {
    addon.forceIsa('');
  }
}
