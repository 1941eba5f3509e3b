// hfbench.config.json: the flags of `hfbench run` by their camelCase names, and "models". Flags on the command line win.

import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { didYouMean } from '../util/suggest.js';
import { list, text } from './flag-values.js';
import { RUN_FLAGS, type RunFlags, readFlags } from './run-flags.js';

export interface Config {
  models: string[];
  flags: RunFlags;
}

const MOST_BYTES = 1 << 20;
/** Decided where the run is started, not where it is described. */
const NOT_KEYS = new Set(['resume', 'dryRun']);

function parse(path: string): unknown {
  let content: string;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new UsageError(`--config ${path}: it is no file`);
    if (stat.size > MOST_BYTES) throw new UsageError(`--config ${path}: larger than 1 MiB`);
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(`--config ${path}: there is no such file`);
    throw new UsageError(`--config ${path}: ${oneLine((error as Error).message)}`);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UsageError(`--config ${path}: no JSON: ${oneLine((error as Error).message)}`);
  }
}

/** @throws UsageError that names the file, the key and what is accepted */
export function readConfigFile(path: string): Config {
  const config = parse(path);
  if (config === null || typeof config !== 'object' || Array.isArray(config)) {
    throw new UsageError(`--config ${path}: expected an object, e.g. {"models": ["bert"], "batch": [1, 8]}`);
  }
  const { models, $schema: _, ...raw } = config as Record<string, unknown>;
  const keys = Object.keys(RUN_FLAGS).filter((key) => !NOT_KEYS.has(key));
  for (const key of Object.keys(raw)) {
    if (!keys.includes(key))
      throw new UsageError(`${path}: unknown key "${key}"${didYouMean(key, [...keys, 'models'])}`);
  }
  return {
    models: models === undefined ? [] : list(text)(models, `${path}: "models"`),
    flags: readFlags(raw, (key) => `${path}: "${key}"`),
  };
}
