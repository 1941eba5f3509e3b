import { createRequire } from 'node:module';

/** Version of hfbench, from its package.json. */
export function hfbenchVersion(): string {
  return createRequire(import.meta.url)('../../../package.json').version as string;
}
