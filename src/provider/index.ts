// The folder is the registry: a file here is a provider, named like the file.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import type { Provider } from './provider.js';

export type { ProviderRequest } from './ep-list.js';

const NOT_PAGES = new Set(['index', 'provider', 'option', 'ep-list', 'plugin', 'diagnose', 'install']);

/** Names of all providers, without loading any. */
export function providerNames(): string[] {
  return readdirSync(fileURLToPath(new URL('.', import.meta.url)))
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .filter((name) => !NOT_PAGES.has(name))
    .sort();
}

/**
 * @param plugins names that --ep-library gave: each is a provider, whether it has a page or not
 * @throws UsageError with a suggestion and the list when there is no such provider
 */
export async function loadProvider(name: string, plugins: readonly string[] = []): Promise<Provider> {
  const known = providerNames();
  const page = known.includes(name) ? ((await import(`./${name}.js`)) as { provider: Provider }).provider : null;
  if (plugins.includes(name)) return (await import('./plugin.js')).pluginProvider(name, page);
  if (page !== null) return page;
  const advice = 'a plugin is named with --ep-library name=path';
  throw new UsageError(
    `--ep ${name}: no such provider${didYouMean(name, known)}; there are: ${known.join(', ')}; ${advice}`,
  );
}

/** @throws UsageError for an option that the provider does not have, or a value that does not fit */
export function checkOptions(name: string, { options: known }: Provider, options: Record<string, string>): void {
  for (const [key, value] of Object.entries(options)) {
    const option = Object.hasOwn(known, key) ? known[key] : known['*'];
    if (option === undefined) {
      const list = Object.keys(known);
      const there = list.length === 0 ? 'it has none' : `it has: ${list.join(', ')}`;
      throw new UsageError(
        `--ep ${name}:${key}: provider ${name} has no such option${didYouMean(key, list)}; ${there}`,
      );
    }
    if (option.pattern && !new RegExp(`^(?:${option.pattern.source})$`).test(value)) {
      throw new UsageError(`--ep ${name}:${key}=${value}: expected ${option.expected ?? option.pattern.source}`);
    }
  }
}

/** The same for a provider by name. @throws UsageError */
export async function checkProviderOptions(name: string, options: Record<string, string>): Promise<void> {
  checkOptions(name, await loadProvider(name), options);
}
