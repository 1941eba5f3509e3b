// onnxruntime-node's own `session.run`, timed around the awaited call: what an application on Node will see, its
// JavaScript tensors and its turn of the event loop included.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type * as Ort from 'onnxruntime-node';
import { UnsupportedError, UsageError } from '../util/error.js';
import { BYTES, type DType, elementCount, type HostTensor, type ValueInfo } from '../util/tensor.js';
import { hrtimeInfo, hrtimeNs } from './clock.js';
import {
  type Generation,
  type GenerationBlock,
  type Link,
  type OpenTimes,
  OrtError,
  type Runtime,
  type Session,
  type SessionRequest,
} from './session.js';
import type { StoredWeights } from './stored-weights.js';

/** The external file that encodeModel names: it exists in memory only. */
const WEIGHTS_FILE = 'memory';

const ARRAYS: Partial<Record<DType, new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView>> = {
  float32: Float32Array,
  float16: Uint16Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** onnxruntime-node reports a status as text alone; its code is told from the words where they are known. */
function ortError(error: unknown): Error {
  const message = (error as Error).message ?? String(error);
  if (/^Unsupported data type/.test(message)) return new UnsupportedError('input-type', message);
  if (/Protobuf parsing failed/i.test(message)) return new OrtError('INVALID_PROTOBUF', message);
  if (/not (yet )?implemented|Could not find an implementation/i.test(message))
    return new OrtError('NOT_IMPLEMENTED', message);
  return new OrtError('FAIL', message);
}

function describe(values: readonly Ort.InferenceSession.ValueMetadata[], kind: 'input' | 'output'): ValueInfo[] {
  return values.map((value): ValueInfo => {
    if (!value.isTensor) {
      if (kind === 'output') return { name: value.name, dtype: 'string', shape: [] };
      throw new UnsupportedError('input-type', `input '${value.name}' is no tensor (a sequence, map or optional)`);
    }
    const shape = value.shape.map((size) => (size === '' ? '?' : size));
    return { name: value.name, dtype: value.type as DType, shape };
  });
}

function sessionOptions(request: SessionRequest): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [
      { name: request.provider === 'directml' ? 'dml' : request.provider, ...request.providerOptions },
    ],
    intraOpNumThreads: request.intraOpThreads,
    interOpNumThreads: request.interOpThreads,
    graphOptimizationLevel: request.optimization,
    enableCpuMemArena: request.cpuArena,
    enableMemPattern: request.memoryPattern,
    logSeverityLevel: 3,
    ...(request.profilePrefix && { enableProfiling: true, profileFilePrefix: request.profilePrefix }),
    extra: {
      session: {
        'intra_op.allow_spinning': request.spinning ? '1' : '0',
        set_denormal_as_zero: request.denormalsAsZero ? '1' : '0',
      },
      ...request.config,
    },
  };
}

interface Created {
  session: Ort.InferenceSession;
  openTimes: OpenTimes;
}

async function create(ort: typeof Ort, request: SessionRequest): Promise<Created> {
  const { source } = request;
  const options = sessionOptions(request);
  let weights: StoredWeights | null = null;
  if (source.kind === 'graph') {
    weights = (await import('./stored-weights.js')).storeWeights(source.weights);
    options.externalData = [{ path: WEIGHTS_FILE, data: weights.bytes }];
  }
  const started = process.hrtime.bigint();
  const session =
    source.kind === 'graph'
      ? await ort.InferenceSession.create(source.bytes, options)
      : await ort.InferenceSession.create(source.path, options);
  const sessionCreateNs = Number(process.hrtime.bigint() - started);
  return {
    session,
    openTimes: { weightFillNs: weights?.fillNs ?? null, weightBytes: weights?.bytes.length ?? null, sessionCreateNs },
  };
}

/** What the step gives to a run; the first after the first run has the number 0. */
function stepTensor({ dtype, shape, grows, stride, data }: Generation['steps'][number], number: number): HostTensor {
  const sizes = shape.map((size, axis) => (axis === grows ? size + number : size));
  const bytes = BYTES[dtype as 'float32'];
  const start = number * stride * bytes;
  return { dtype, shape: sizes, data: data.subarray(start, start + elementCount(sizes) * bytes) };
}

class NodeSession implements Session {
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  /** session.run hands out tensors on the host. */
  readonly deviceMemory = null;
  #feeds: Record<string, Ort.Tensor> = {};
  #given: Ort.Tensor[] = [];
  #last: Ort.InferenceSession.ReturnType = {};
  #cancelled = false;
  #closed = false;

  constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    private readonly profilePrefix: string | undefined,
    readonly openTimes: Session['openTimes'],
  ) {
    this.inputs = describe(session.inputMetadata, 'input');
    this.outputs = describe(session.outputMetadata, 'output');
  }

  #tensor({ dtype, shape, data }: HostTensor, shared = false): Ort.Tensor {
    const array = ARRAYS[dtype];
    if (array === undefined) throw new UnsupportedError('input-type', `--runtime node cannot make ${dtype} tensors`);
    const own = shared ? data : new Uint8Array(data);
    const values = new array(own.buffer as ArrayBuffer, own.byteOffset, own.byteLength / BYTES[dtype]);
    return new this.ort.Tensor(dtype as 'float32', values as Float32Array, shape);
  }

  async bindShared(feeds: Record<string, HostTensor>): Promise<void> {
    this.#feeds = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#tensor(feed, true)]));
    this.#given = [];
  }

  async bind(feeds: Record<string, HostTensor>, source?: { session: Session; links: Link[] }): Promise<void> {
    this.#feeds = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#tensor(feed)]));
    this.#given = [];
    for (const { output, input } of source?.links ?? []) {
      const value = (source!.session as NodeSession).#last[output];
      if (value === undefined) throw new Error(`the session that values come from gave no output '${output}'`);
      this.#feeds[input] = value;
      this.#given.push(value);
    }
  }

  async #timedRun(feeds = this.#feeds): Promise<number> {
    const start = process.hrtime.bigint();
    const outputs = await this.session.run(feeds);
    const end = process.hrtime.bigint();
    this.#last = outputs;
    return Number(end - start);
  }

  async runOnce(): Promise<number> {
    return this.#timedRun().catch((error) => {
      throw ortError(error);
    });
  }

  async readOutputs(): Promise<Record<string, HostTensor>> {
    const outputs: Record<string, HostTensor> = {};
    for (const [name, value] of Object.entries(this.#last)) {
      if (!(value instanceof this.ort.Tensor) || value.type === 'string') continue;
      const data = value.data as Float32Array;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      outputs[name] = { dtype: value.type as DType, shape: [...value.dims], data: bytes };
    }
    return outputs;
  }

  /** onnxruntime-node brings outputs to the host within the run: what is left is to take hold of them. */
  async runAndRead(): Promise<{ beginNs: number; ranNs: number; endNs: number }> {
    const beginNs = hrtimeNs();
    await this.runOnce();
    const ranNs = hrtimeNs();
    for (const value of Object.values(this.#last)) if (value instanceof this.ort.Tensor) void value.data;
    return { beginNs, ranNs, endNs: hrtimeNs() };
  }

  async sample(count: number, streams = 1): Promise<{ durationsNs: Float64Array; wallNs: number; cpuNs: number }> {
    this.#cancelled = false;
    const durationsNs = new Float64Array(count);
    let started = 0;
    let finished = 0;
    const cpu = process.cpuUsage();
    const wall = process.hrtime.bigint();
    const stream = async () => {
      while (started < count && !this.#cancelled) {
        started++;
        const duration = await this.#timedRun();
        durationsNs[finished++] = duration;
      }
    };
    try {
      await Promise.all(Array.from({ length: streams }, stream));
    } catch (error) {
      throw ortError(error);
    }
    const wallNs = Number(process.hrtime.bigint() - wall);
    const { user, system } = process.cpuUsage(cpu);
    return { durationsNs: durationsNs.slice(0, finished), wallNs, cpuNs: (user + system) * 1000 };
  }

  async generate({ states, steps, runs }: Generation): Promise<GenerationBlock> {
    this.#cancelled = false;
    const durations: number[] = [];
    const cpu = process.cpuUsage();
    const wall = process.hrtime.bigint();
    let feeds = this.#feeds;
    for (let run = 0; run < runs && !this.#cancelled; run++) {
      if (run > 0) {
        const carried = states.map(({ output, input }) => [input, this.#last[output]!]);
        const made = steps.map((step) => [step.name, this.#tensor(stepTensor(step, run - 1))]);
        feeds = { ...feeds, ...Object.fromEntries([...carried, ...made]) };
      }
      try {
        durations.push(await this.#timedRun(feeds));
      } catch (error) {
        throw ortError(error);
      }
    }
    const wallNs = Number(process.hrtime.bigint() - wall);
    const { user, system } = process.cpuUsage(cpu);
    const kept = [...this.#given, ...states.map(({ output }) => this.#last[output]!)];
    const cacheBytes = kept.reduce(
      (sum, { dims, type }) => sum + elementCount([...dims]) * BYTES[type as 'float32'],
      0,
    );
    return { durationsNs: Float64Array.from(durations), wallNs, cpuNs: (user + system) * 1000, cacheBytes };
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async endProfiling(): Promise<string | null> {
    if (this.profilePrefix === undefined) return null;
    this.session.endProfiling();
    const folder = dirname(this.profilePrefix);
    const files = readdirSync(folder).filter((name) => name.startsWith(basename(this.profilePrefix!)));
    const newest = files.sort().at(-1);
    return newest === undefined ? null : join(folder, newest);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.session.release();
  }
}

/** @throws OrtError where the package or its library cannot be loaded */
export async function nodeRuntime(): Promise<Runtime> {
  const ort = (await import('onnxruntime-node')).default as unknown as typeof Ort;
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('onnxruntime-node/package.json'));
  const clock = hrtimeInfo();
  return {
    info: {
      name: 'node',
      ortVersion: ort.env.versions.node ?? (require('onnxruntime-node/package.json').version as string),
      apiVersion: null,
      libraryPath: join(folder, 'bin', 'napi-v6', process.platform, process.arch),
      buildInfo: null,
      providers: ort.listSupportedBackends().map(({ name }) => name),
      clock,
    },
    nowNs: hrtimeNs,
    async open(request) {
      try {
        const { session, openTimes } = await create(ort, request);
        return new NodeSession(ort, session, request.profilePrefix, openTimes);
      } catch (error) {
        throw error instanceof UnsupportedError || error instanceof UsageError ? error : ortError(error);
      }
    },
    async close() {},
  };
}
