// Which case is this? Equal digests: the same thing, measured the same way, with the same inputs.

import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Case } from './case.js';
import type { RunSettings } from './settings.js';

const WHOLE_BYTES = 64 << 20;
const PART_BYTES = 1 << 20;

/** Files up to 64 MiB count whole; larger ones by size, time of change, first and last MiB, so that a plan stays quick. */
function addFile(hash: Hash, path: string): void {
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    hash.update(`${size} `);
    if (size <= WHOLE_BYTES) {
      hash.update(readFileSync(file));
      return;
    }
    hash.update(`${mtimeMs} `);
    const part = Buffer.alloc(PART_BYTES);
    for (const offset of [0, size - PART_BYTES]) {
      hash.update(part.subarray(0, readSync(file, part, 0, PART_BYTES, offset)));
    }
  } finally {
    closeSync(file);
  }
}

/** JSON with the keys of every object in order, so that equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * @param fingerprint of the machine: a record of another one is no substitute
 * @throws the file system's error when the model's file cannot be read
 */
export function caseIdentity(work: Case, settings: RunSettings, fingerprint: string): string {
  const { caseTimeoutMs: _, ...measuring } = settings;
  const hash = createHash('sha256').update(canonical({ work, measuring, fingerprint }));
  if (work.source.kind === 'file') addFile(hash, work.source.path);
  for (const path of Object.values(settings.raw)) if (path !== null) addFile(hash, path);
  if (settings.fakeScript !== null) addFile(hash, settings.fakeScript);
  return hash.digest('hex').slice(0, 32);
}
