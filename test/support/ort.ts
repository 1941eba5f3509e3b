// A native library and sessions on it, with defaults for what a test does not care about.

import { loadAddon, type NativeLibrary, type NativeSession, type NativeSessionConfig } from '../../binding/index.js';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';

export const sessionConfig: NativeSessionConfig = {
  weights: [],
  providers: [],
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions: {},
};

export function packagedLibrary(): NativeLibrary {
  return loadAddon().openLibrary(packagedOrtLibrary());
}

/** Opens a session, hands it to `body` and closes it. */
export async function withSession<T>(
  library: NativeLibrary,
  config: Partial<NativeSessionConfig>,
  body: (session: NativeSession) => Promise<T>,
): Promise<T> {
  const session = await library.openSession({ ...sessionConfig, ...config });
  try {
    return await body(session);
  } finally {
    await session.close();
  }
}

export function floats(name: string, shape: number[], values: number[]) {
  return { name, dtype: 'float32' as const, shape, data: new Uint8Array(new Float32Array(values).buffer) };
}

export function toFloats(data: Uint8Array): number[] {
  return [...new Float32Array(data.slice().buffer)];
}

/** The error that `call` rejects with or throws; fails if there is none. */
export async function errorOf(call: () => unknown): Promise<Error & { ortCode?: string; code?: string }> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}
