// A runtime that plays a script instead of running a model: every duration is given, so the whole pipeline from the
// command line to the bytes of a report can be compared with a snapshot. It can also misbehave on command, which is how
// the isolation of cases is tested.

import { readFileSync, writeFileSync } from 'node:fs';
import type { Environment } from '../hardware/environment.js';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { BYTES, elementCount, type HostTensor, type ValueInfo } from '../util/tensor.js';
import {
  type Generation,
  type GenerationBlock,
  OrtError,
  type Runtime,
  type RuntimeInfo,
  type Session,
} from './session.js';

/** `hog` takes memory until something stops it; `spin` and `hang` never return, with and without a busy event loop. */
export type Fault = 'abort' | 'exit' | 'kill' | 'hang' | 'spin' | 'hog' | 'ort-error' | 'grandchild';

export interface FakeModel {
  /** Played from the start again when they run out. */
  durationsNs: number[];
  firstRunNs: number;
  sessionCreateNs: number;
  /** Of the scenario pipeline: what preparing an input and copying the outputs take. */
  preprocessNs?: number;
  outputNs?: number;
  /** Of a generation: how long its first run takes (default: `firstRunNs`), and what its states hold at the end. */
  generation?: { firstTokenNs?: number; cacheBytes: number };
  inputs?: ValueInfo[];
  outputs?: ValueInfo[];
  /** What every element of a float32 output is; absent: 0. */
  outputValue?: number;
  fault?: {
    kind: Fault;
    at: 'open' | 'bind' | 'first-run' | 'sample';
    /** Of the blocks of samples: the first that begins after so many runs; absent: the first of all. */
    afterRuns?: number;
    message?: string;
  };
}

export interface FakeScript {
  /** What the clock on the wall says, all the time: ISO 8601, UTC. */
  now: string;
  environment: Environment;
  info: RuntimeInfo;
  /** By case model name, with '#<number>' for one session of a duet alone; '*' is for all others. */
  models: Record<string, FakeModel>;
}

/** @throws UsageError when the file is no script */
export function readFakeScript(path: string): FakeScript {
  try {
    const script = JSON.parse(readFileSync(path, 'utf8')) as FakeScript;
    for (const part of ['now', 'environment', 'info', 'models'] as const) {
      if (script[part] === undefined) throw new Error(`"${part}" is missing`);
    }
    return script;
  } catch (error) {
    throw new UsageError(`--fake-script ${path}: ${oneLine((error as Error).message)}`);
  }
}

const hogged: Buffer[] = [];

/** A test reads here who misbehaves, and that it has begun. */
function tellPid(pid: number | undefined): void {
  if (process.env.HFBENCH_FAKE_PID_FILE) writeFileSync(process.env.HFBENCH_FAKE_PID_FILE, String(pid));
}

async function misbehave(fault: NonNullable<FakeModel['fault']>): Promise<void> {
  switch (fault.kind) {
    case 'abort':
      process.stderr.write(`${fault.message ?? 'fake: about to abort'}\n`);
      return process.abort();
    case 'exit':
      process.stderr.write(`${fault.message ?? 'fake: leaving'}\n`);
      return process.exit(7);
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'hang':
      tellPid(process.pid);
      await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
      return;
    case 'spin':
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    case 'hog':
      for (;;) hogged.push(Buffer.alloc(64 << 20, 1));
    case 'grandchild': {
      const { spawn } = await import('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      tellPid(child.pid);
      await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
      return;
    }
    case 'ort-error':
      throw new OrtError('FAIL', fault.message ?? 'scripted failure');
  }
}

/** Time that passes only where the script says so. */
class FakeClock {
  nowNs = 0;
  /** Readings come in pairs: a pipeline asks before and after it prepares its input, and at no other time. */
  preparing = false;
}

class FakeSession implements Session {
  readonly deviceMemory = null;
  #played = 0;
  #cancelled = false;
  readonly openTimes;
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];

  constructor(
    readonly model: FakeModel,
    private readonly clock: FakeClock,
  ) {
    this.openTimes = { weightFillNs: null, weightBytes: null, sessionCreateNs: model.sessionCreateNs };
    this.inputs = model.inputs ?? [{ name: 'x', dtype: 'float32', shape: ['batch', 4] }];
    this.outputs = model.outputs ?? [{ name: 'y', dtype: 'float32', shape: [1] }];
  }

  async #faultAt(point: NonNullable<FakeModel['fault']>['at']): Promise<void> {
    if (this.model.fault?.at === point) await misbehave(this.model.fault);
  }

  async bind(): Promise<void> {
    await this.#faultAt('bind');
  }

  async bindShared(): Promise<void> {}

  async runOnce(): Promise<number> {
    await this.#faultAt('first-run');
    return this.model.firstRunNs;
  }

  async readOutputs(): Promise<Record<string, HostTensor>> {
    const { outputValue } = this.model;
    const filled = ({ name, dtype, shape }: ValueInfo): [string, HostTensor] => {
      const sizes = shape.map((size) => (typeof size === 'number' ? size : 1));
      const data = new Uint8Array(elementCount(sizes) * BYTES[dtype]);
      if (outputValue !== undefined && dtype === 'float32') new Float32Array(data.buffer).fill(outputValue);
      return [name, { dtype, shape: sizes, data }];
    };
    return Object.fromEntries(this.outputs.map(filled));
  }

  async runAndRead(): Promise<{ beginNs: number; ranNs: number; endNs: number }> {
    const beginNs = this.clock.nowNs;
    const { durationsNs } = await this.sample(1);
    const ranNs = beginNs + durationsNs[0]!;
    this.clock.nowNs = ranNs + (this.model.outputNs ?? 0);
    return { beginNs, ranNs, endNs: this.clock.nowNs };
  }

  async sample(count: number, streams = 1): Promise<{ durationsNs: Float64Array; wallNs: number; cpuNs: number }> {
    if (this.#played >= (this.model.fault?.afterRuns ?? 0)) await this.#faultAt('sample');
    this.#cancelled = false;
    const durationsNs = new Float64Array(count);
    const { durationsNs: script } = this.model;
    for (let i = 0; i < count; i++) durationsNs[i] = script[this.#played++ % script.length]!;
    const busyNs = durationsNs.reduce((sum, duration) => sum + duration, 0);
    // Lets messages in between blocks, as a real runtime does.
    await new Promise((resolve) => setImmediate(resolve));
    const kept = this.#cancelled ? durationsNs.slice(0, 1) : durationsNs;
    return { durationsNs: kept, wallNs: busyNs / streams, cpuNs: busyNs };
  }

  async generate({ runs }: Generation): Promise<GenerationBlock> {
    const { generation, firstRunNs } = this.model;
    const firstNs = generation?.firstTokenNs ?? firstRunNs;
    const { durationsNs, wallNs, cpuNs } = await this.sample(runs - 1);
    return {
      durationsNs: Float64Array.of(firstNs, ...durationsNs),
      wallNs: firstNs + wallNs,
      cpuNs: firstNs + cpuNs,
      cacheBytes: generation?.cacheBytes ?? 0,
    };
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async endProfiling(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {}
}

/** @param model the case's model name, looked up in the script */
export function fakeRuntime(script: FakeScript, model: string): Runtime {
  const played = script.models[model] ?? script.models[model.replace(/#\d+$/, '')] ?? script.models['*'];
  const clock = new FakeClock();
  return {
    info: script.info,
    nowNs() {
      if (clock.preparing) clock.nowNs += played?.preprocessNs ?? 0;
      clock.preparing = !clock.preparing;
      return clock.nowNs;
    },
    async open() {
      if (played === undefined) throw new OrtError('NO_SUCHFILE', `the fake script has no model '${model}'`);
      if (played.fault?.at === 'open') await misbehave(played.fault);
      return new FakeSession(played, clock);
    },
    async close() {},
  };
}
