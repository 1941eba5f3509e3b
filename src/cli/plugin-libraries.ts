// --ep-library name=path: plugins that bring providers.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../util/error.js';
import { pairs, text } from './flag-values.js';

/** Path by name. @throws UsageError */
export function libraryPaths(given: readonly string[] | undefined): Record<string, string> {
  return given === undefined ? {} : pairs(text)(given, '--ep-library');
}

/**
 * Names in lower case, paths from the root: ONNX Runtime would look for others beside its own library.
 * @throws UsageError for what is no file
 */
export function pluginLibraries(flag: Readonly<Record<string, string>> = {}): { name: string; path: string }[] {
  return Object.entries(flag).map(([name, path]) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new UsageError(`--ep-library ${name}=${path}: no such file`);
    return { name: name.toLowerCase(), path: resolve(path) };
  });
}
