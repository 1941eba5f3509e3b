// The folder is the registry: a file here is a provider, named like the file.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import type { Provider } from './provider.js';

const NOT_PAGES = new Set(['index', 'provider']);

/** Names of all providers, without loading any. */
export function providerNames(): string[] {
  return readdirSync(fileURLToPath(new URL('.', import.meta.url)))
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .filter((name) => !NOT_PAGES.has(name))
    .sort();
}

/** @throws UsageError with a suggestion and the list when there is no such provider */
export async function loadProvider(name: string): Promise<Provider> {
  const known = providerNames();
  if (!known.includes(name)) {
    throw new UsageError(`--ep ${name}: no such provider${didYouMean(name, known)}; there are: ${known.join(', ')}`);
  }
  return ((await import(`./${name}.js`)) as { provider: Provider }).provider;
}

/** @throws UsageError for an option that the provider does not have, or a value that does not fit */
export async function checkProviderOptions(name: string, options: Record<string, string>): Promise<void> {
  const { options: known } = await loadProvider(name);
  for (const [key, value] of Object.entries(options)) {
    const option = known[key];
    if (option === undefined) {
      const list = Object.keys(known);
      const there = list.length === 0 ? 'it has none' : `it has: ${list.join(', ')}`;
      throw new UsageError(`--ep-option ${key}: provider ${name} has no such option${didYouMean(key, list)}; ${there}`);
    }
    if (option.pattern && !new RegExp(`^(?:${option.pattern.source})$`).test(value)) {
      throw new UsageError(`--ep-option ${key}=${value}: expected ${option.expected ?? option.pattern.source}`);
    }
  }
}
