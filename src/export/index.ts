// The folder is the registry: src/export/<format>.ts makes `--format <format>`. Formats are loaded when they are used.

import { readdirSync } from 'node:fs';
import { UsageError } from '../util/error.js';
import type { Exporter } from './exporter.js';

export type { Exporter, ExportOptions } from './exporter.js';

const NOT_FORMATS = new Set(['index', 'exporter']);

/** Names of the formats, sorted. */
export function formatNames(): string[] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .filter((name) => !NOT_FORMATS.has(name))
    .sort();
}

/** @throws UsageError for a name that is no format */
export async function loadExporter(format: string): Promise<Exporter> {
  const names = formatNames();
  if (!names.includes(format)) throw new UsageError(`format '${format}' is unknown: choose from ${names.join(', ')}`);
  const page = (await import(new URL(`${format}.js`, import.meta.url).href)) as { exporter: Exporter };
  return page.exporter;
}
