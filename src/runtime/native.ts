// ONNX Runtime through the native addon: what the hardware can do, without JavaScript in the timed part.

import {
  loadAddon,
  type NativeLibrary,
  type NativeSession,
  type NativeValueInfo,
  type ProviderChoice,
} from '../../binding/index.js';
import { UnsupportedError, UsageError } from '../util/error.js';
import type { HostTensor, ValueInfo } from '../util/tensor.js';
import { ortLibraryPath } from './ort-library.js';
import { OrtError, type Runtime, type Session, type SessionRequest } from './session.js';

export interface NativeOptions {
  /** Path of --ort-lib; null for HFBENCH_ORT_LIB or the packaged library. */
  ortLibrary: string | null;
  /** Provider plugins to register: a name of choice and the library's path. */
  providerLibraries?: { name: string; path: string }[];
}

/** Providers whose name in ONNX Runtime's generic call is not hfbench's in other case. */
const GENERIC_NAMES: Record<string, string> = {
  coreml: 'CoreML',
  directml: 'DML',
  migraphx: 'MIGraphX',
  nvtensorrtrtx: 'NvTensorRtRtx',
  openvino: 'OpenVINO',
  vitisai: 'VitisAI',
  webgpu: 'WebGPU',
};

/** Where outputs stay with libraries that cannot tell themselves (before API 23). */
const DEVICE_MEMORY: Record<string, string> = { cuda: 'Cuda', tensorrt: 'Cuda', migraphx: 'Hip', rocm: 'Hip' };

const plain = (provider: string) => provider.toLowerCase().replace(/executionprovider$/, '');

/** How a provider is put into the session options of this library, by priority. */
export function providerChoices(
  provider: string,
  options: Record<string, string>,
  library: Pick<NativeLibrary, 'providers' | 'epDevices'>,
): ProviderChoice[] {
  const name = plain(provider);
  const builtIn = library.providers.some((other) => plain(other) === name);
  if (name === 'cpu') return [];
  const device = builtIn ? undefined : library.epDevices().find((other) => plain(other.provider) === name);
  if (device) return [{ route: 'devices', name: device.provider, options }];
  if (name === 'cuda') return [{ route: 'cuda', name: 'CUDA', options }];
  // What TensorRT does not take should stay on the GPU.
  if (name === 'tensorrt') {
    const device_id = options.device_id;
    return [
      { route: 'tensorrt', name: 'TensorRT', options },
      { route: 'cuda', name: 'CUDA', options: device_id === undefined ? {} : { device_id } },
    ];
  }
  return [{ route: 'generic', name: GENERIC_NAMES[name] ?? name.toUpperCase(), options }];
}

/** The error of hfbench for one of the addon. */
function translated(error: unknown): unknown {
  const { ortCode, code, message } = error as { ortCode?: string; code?: string; message: string };
  if (ortCode !== undefined) return new OrtError(ortCode, message);
  return code === 'HFBENCH_USAGE' ? new UsageError(message) : error;
}

async function translating<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(error);
  }
}

function describe(values: readonly NativeValueInfo[], kind: 'input' | 'output'): ValueInfo[] {
  return values.map(({ name, dtype, shape }): ValueInfo => {
    if (dtype !== null) return { name, dtype, shape };
    if (kind === 'output') return { name, dtype: 'string', shape: [] };
    throw new UnsupportedError(
      'input-type',
      `input '${name}' is no tensor of a common type (a sequence, map or optional?)`,
    );
  });
}

class OpenSession implements Session {
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly openTimes: Session['openTimes'];

  constructor(
    private readonly session: NativeSession,
    private readonly onClose: (session: OpenSession) => void,
  ) {
    this.inputs = describe(session.inputs, 'input');
    this.outputs = describe(session.outputs, 'output');
    this.openTimes = session.openTimes;
  }

  async bind(feeds: Record<string, HostTensor>, shared = false): Promise<void> {
    const list = Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
      if (dtype === 'string') throw new UnsupportedError('input-type', `input '${name}': strings cannot be fed`);
      return { name, dtype, shape, data, shared };
    });
    await translating(() => this.session.bind(list));
  }

  runOnce() {
    return translating(() => this.session.runOnce());
  }

  async readOutputs(): Promise<Record<string, HostTensor>> {
    const outputs = await translating(() => this.session.readOutputs());
    return Object.fromEntries(outputs.map(({ name, dtype, shape, data }) => [name, { dtype, shape, data }]));
  }

  runAndRead() {
    return translating(() => this.session.runAndRead());
  }

  sample(count: number, streams = 1) {
    return translating(() => this.session.sample(count, streams));
  }

  cancel(): void {
    this.session.cancel();
  }

  endProfiling() {
    return translating(() => this.session.endProfiling());
  }

  async close(): Promise<void> {
    this.onClose(this);
    await this.session.close();
  }
}

async function openSession(library: NativeLibrary, request: SessionRequest): Promise<NativeSession> {
  const { source, provider, providerOptions, ...rest } = request;
  const memory = library.apiVersion < 23 ? DEVICE_MEMORY[plain(provider)] : undefined;
  return library.openSession({
    ...rest,
    ...(source.kind === 'file'
      ? { modelPath: source.path, weights: [] }
      : { modelBytes: source.bytes, weights: source.weights }),
    providers: providerChoices(provider, providerOptions, library),
    ...(memory !== undefined && { outputMemory: { name: memory, device: Number(providerOptions.device_id ?? 0) } }),
  });
}

/** @throws UsageError when the addon or the library cannot be used, with the reason in one line */
export async function nativeRuntime({ ortLibrary, providerLibraries = [] }: NativeOptions): Promise<Runtime> {
  const addon = loadAddon();
  const library = await translating(() => addon.openLibrary(ortLibraryPath(ortLibrary)));
  for (const { name, path } of providerLibraries) {
    await translating(() => library.registerProviderLibrary(name, path));
  }
  const open = new Set<OpenSession>();
  return {
    info: {
      name: 'native',
      ortVersion: library.version,
      apiVersion: library.apiVersion,
      libraryPath: library.path,
      buildInfo: library.buildInfo,
      providers: library.providers,
      clock: addon.measureClock(),
    },
    nowNs: () => addon.nowNs(),
    async open(request) {
      const native = await translating(() => openSession(library, request));
      try {
        const session = new OpenSession(native, (closed) => open.delete(closed));
        open.add(session);
        return session;
      } catch (error) {
        await native.close();
        throw error;
      }
    },
    async close() {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}

/** What the addon says of itself, for the environment of a report. */
export function addonFacts(): { version: string; debug: boolean; isa: string } {
  const addon = loadAddon();
  const { version, debug } = addon.buildInfo();
  return { version, debug, isa: addon.cpuInfo().isa };
}

/** Large enough that no cache holds it, small enough for a machine with little memory. */
const BANDWIDTH_BYTES = 128 * 1024 * 1024;

/** Rate at which all cores together read memory, bytes a second: what bounds a model that reads its weights once a run. */
export async function memoryReadRate(): Promise<number> {
  return (await loadAddon().measureBandwidth(BANDWIDTH_BYTES, 0, 3)).readBytesPerSecond;
}
