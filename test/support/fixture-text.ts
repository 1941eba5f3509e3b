import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './golden.js';

/** @param name path below test/fixtures */
export function readFixture(name: string): string {
  return readFileSync(join(ROOT, 'test/fixtures', name), 'utf8');
}
