// Which ONNX Runtime library the native runtime loads.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../util/error.js';

// Linux: libonnxruntime.so.1; macOS: libonnxruntime.1.30.0.dylib; Windows: onnxruntime.dll. Not the providers' libraries.
const LIBRARY = /^(libonnxruntime\.so[.\d]*|libonnxruntime[.\d]*\.dylib|onnxruntime\.dll)$/;

/**
 * The library inside the onnxruntime-node package.
 * @throws UsageError when the package is missing or has none for this platform
 */
export function packagedOrtLibrary(): string {
  const advice = 'name a library with --ort-lib';
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch {
    throw new UsageError(`onnxruntime-node: not installed; run 'npm install', or ${advice}`);
  }
  const platform = join(process.platform, process.arch);
  const bin = join(folder, 'bin');
  for (const version of list(bin).reverse()) {
    const found = list(join(bin, version, platform)).filter((name) => LIBRARY.test(name));
    if (found.length > 0) return join(bin, version, platform, found[0]!);
  }
  throw new UsageError(`onnxruntime-node: has no library for ${platform}; ${advice}`);
}

/** @param chosen path of --ort-lib; else HFBENCH_ORT_LIB counts, else the packaged library */
export function ortLibraryPath(chosen: string | null): string {
  const path = chosen ?? process.env.HFBENCH_ORT_LIB;
  return path ? resolve(path) : packagedOrtLibrary();
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
