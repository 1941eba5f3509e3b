// ONNX Runtime through the native addon: what the hardware can do, without JavaScript in the timed part.

import {
  type EpDevice,
  type GpuReading,
  loadAddon,
  type NativeLibrary,
  type NativeSession,
  type NativeValueInfo,
  type ProviderChoice,
} from '../../binding/index.js';
import { UnsupportedError, UsageError } from '../util/error.js';
import type { HostTensor, ValueInfo } from '../util/tensor.js';
import { ortLibraryPath } from './ort-library.js';
import { type Generation, type Link, OrtError, type Runtime, type Session, type SessionRequest } from './session.js';

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
const DEVICE_MEMORY: Record<string, string> = {
  cuda: 'Cuda',
  tensorrt: 'Cuda',
  migraphx: 'Hip',
  rocm: 'Hip',
  directml: 'DML',
  webgpu: 'WebGPU_Buffer',
};

const plain = (provider: string) =>
  provider
    .toLowerCase()
    .replace(/executionprovider$/, '')
    .replace(/^dml$/, 'directml');

/** By the name that --ep-library gave: the providers that the library brought. */
export type Plugins = ReadonlyMap<string, readonly string[]>;

/** How a provider is put into the session options of this library, by priority. */
export function providerChoices(
  provider: string,
  options: Record<string, string>,
  library: Pick<NativeLibrary, 'providers' | 'epDevices'>,
  plugins: Plugins = new Map(),
): ProviderChoice[] {
  const name = plain(provider);
  const brought = plugins.get(name);
  if (brought !== undefined) {
    const chosen = brought.find((other) => plain(other) === name) ?? brought[0];
    if (chosen === undefined) {
      throw new UsageError(`--ep-library ${name}: its provider offers no device on this machine`);
    }
    return [{ route: 'devices', name: chosen, options }];
  }
  const builtIn = library.providers.some((other) => plain(other) === name);
  if (name === 'cpu') return [];
  const device = builtIn ? undefined : library.epDevices().find((other) => plain(other.provider) === name);
  if (device) return [{ route: 'devices', name: device.provider, options }];
  if (name === 'cuda') return [{ route: 'cuda', name: 'CUDA', options }];
  // What TensorRT does not take should stay on the GPU: options that begin with 'cuda.' are for that.
  if (name === 'tensorrt') {
    const own = Object.entries(options).filter(([key]) => !key.startsWith('cuda.'));
    const rest = Object.entries(options).filter(([key]) => key.startsWith('cuda.') || key === 'device_id');
    const forCuda = rest.map(([key, value]) => [key.replace(/^cuda\./, ''), value]);
    return [
      { route: 'tensorrt', name: 'TensorRT', options: Object.fromEntries(own) },
      { route: 'cuda', name: 'CUDA', options: Object.fromEntries(forCuda) },
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

function listOf(feeds: Record<string, HostTensor>): (HostTensor & { name: string })[] {
  return Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
    if (dtype === 'string') throw new UnsupportedError('input-type', `input '${name}': strings cannot be fed`);
    return { name, dtype, shape, data };
  });
}

class OpenSession implements Session {
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly openTimes: Session['openTimes'];
  readonly deviceMemory: string | null;

  constructor(
    private readonly session: NativeSession,
    readonly providerName: string | undefined,
    private readonly onClose: (session: OpenSession) => void,
  ) {
    this.inputs = describe(session.inputs, 'input');
    this.outputs = describe(session.outputs, 'output');
    this.openTimes = session.openTimes;
    this.deviceMemory = session.deviceMemory;
  }

  async bind(feeds: Record<string, HostTensor>, source?: { session: Session; links: Link[] }): Promise<void> {
    const given = source && { session: (source.session as OpenSession).session, links: source.links };
    await translating(() => this.session.bind(listOf(feeds), given));
  }

  async bindShared(feeds: Record<string, HostTensor>): Promise<void> {
    const list = listOf(feeds).map((feed) => ({ ...feed, shared: true }));
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

  sampleFromHost(count: number) {
    return translating(() => this.session.sampleFromHost(count));
  }

  sampleOnDevice(count: number) {
    return translating(() => this.session.sampleOnDevice(count));
  }

  generate(generation: Generation) {
    return translating(() => this.session.generate(generation));
  }

  syncCost() {
    return translating(() => this.session.syncCost());
  }

  profileRun(prefix: string) {
    return translating(() => this.session.profileRun(prefix));
  }

  assignments() {
    return translating(() => this.session.assignments());
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

async function openSession(
  library: NativeLibrary,
  request: SessionRequest,
  providers: ProviderChoice[],
): Promise<NativeSession> {
  const { source, provider, providerOptions, ...rest } = request;
  const memory = library.apiVersion < 23 ? DEVICE_MEMORY[plain(provider)] : undefined;
  return library.openSession({
    ...rest,
    ...(source.kind === 'file'
      ? { modelPath: source.path, weights: [] }
      : { modelBytes: source.bytes, weights: source.weights }),
    providers,
    ...(memory !== undefined && { outputMemory: { name: memory, device: Number(providerOptions.device_id ?? 0) } }),
  });
}

/** Names of the providers that a plugin library brings; none where no device of this machine suits them. */
function register(library: NativeLibrary, name: string, path: string): string[] {
  const before = library.epDevices().length;
  library.registerProviderLibrary(name, path);
  return [
    ...new Set(
      library
        .epDevices()
        .slice(before)
        .map(({ provider }) => provider),
    ),
  ];
}

/** @throws UsageError when the addon or the library cannot be used, with the reason in one line */
export async function nativeRuntime({ ortLibrary, providerLibraries = [] }: NativeOptions): Promise<Runtime> {
  const addon = loadAddon();
  const library = await translating(() => addon.openLibrary(ortLibraryPath(ortLibrary)));
  const plugins = new Map<string, string[]>();
  for (const { name, path } of providerLibraries)
    plugins.set(name, await translating(() => register(library, name, path)));
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
      const { provider, providerOptions } = request;
      const providers = await translating(() => providerChoices(provider, providerOptions, library, plugins));
      const native = await translating(() => openSession(library, request, providers));
      const plugin = providers.find(({ route }) => route === 'devices')?.name;
      try {
        const session = new OpenSession(native, plugin, (closed) => open.delete(closed));
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

/** Devices that the library's plugin-style providers offer, after nativeRuntime has registered theirs. */
export function libraryDevices(ortLibrary: string | null): EpDevice[] {
  return loadAddon().openLibrary(ortLibraryPath(ortLibrary)).epDevices();
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

/**
 * The GPU of a CUDA device index; null without the driver, or where CUDA_VISIBLE_DEVICES leaves open which one that is. CUDA's own
 * order is that of speed unless CUDA_DEVICE_ORDER is PCI_BUS_ID, so with unequal GPUs nothing is guessed.
 */
export function readGpu(deviceId: number, env: NodeJS.ProcessEnv = process.env): GpuReading | null {
  const gpus = loadAddon().readNvidiaGpus()?.gpus ?? [];
  const visible = env.CUDA_VISIBLE_DEVICES?.split(',').map((part) => part.trim());
  const index =
    visible === undefined ? deviceId : /^\d+$/.test(visible[deviceId] ?? '') ? Number(visible[deviceId]) : -1;
  const ordered = env.CUDA_DEVICE_ORDER === 'PCI_BUS_ID' || new Set(gpus.map(({ name }) => name)).size <= 1;
  return ordered ? (gpus[index] ?? null) : null;
}
