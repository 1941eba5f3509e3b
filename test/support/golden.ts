// Golden files: text kept under test/golden. `UPDATE_GOLDEN=1 node scripts/test.mjs <part of path>` renews them; then read the diff.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

/** The repository's root: tests run from dist/test/support. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @param name path below test/golden */
export function assertGolden(name: string, actual: string): void {
  const path = join(ROOT, 'test/golden', name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  let expected: string;
  try {
    expected = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`no golden file ${name}: make it with UPDATE_GOLDEN=1`);
  }
  assert.fixture(actual, expected, `differs from test/golden/${name}; if that is right, renew it with UPDATE_GOLDEN=1`);
}
