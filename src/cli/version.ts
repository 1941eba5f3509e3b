// The version of hfbench, as its package says.

import { readFileSync } from 'node:fs';

export function productVersion(): string {
  const path = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
