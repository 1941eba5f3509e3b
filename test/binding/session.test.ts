// Every entry of the ABI table in use, proven by what it does in the packaged ONNX Runtime. Entries that act only with devices
// this machine lacks, or only in old libraries, are proven on the fake library in fake-ort.test.ts.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadAddon, type NativeSessionConfig } from '../../binding/index.js';
import type { WeightSpec } from '../../src/util/weight.js';
import { matmulModel, onnxModel } from '../support/onnx.js';
import { errorOf, floats, packagedLibrary, sessionConfig, toFloats, withSession } from '../support/ort.js';

const library = packagedLibrary();
const addon = loadAddon();
const folder = mkdtempSync(join(tmpdir(), 'hfbench-session-'));
const test = suite('session');
test.after(() => rmSync(folder, { recursive: true }));

const open = (config: Partial<NativeSessionConfig>) => library.openSession({ ...sessionConfig, ...config });
const bytesOf = (values: number[]) => new Uint8Array(new Float32Array(values).buffer);
const product = matmulModel('rows', 2, 3, bytesOf([1, 2, 3, 4, 5, 6]));
const weight: WeightSpec = {
  name: 'w',
  dtype: 'float32',
  shape: [3, 2],
  transposed: true,
  values: { kind: 'fill', stream: 'w', center: 1, scale: 0 },
};

/** `count` nodes one after another: x -> Relu -> Identity -> ... -> y. */
function chain(ops: string[]): Uint8Array {
  const names = ['x', ...ops.slice(1).map((_, i) => `h${i}`), 'y'];
  return onnxModel({
    nodes: ops.map((op, i) => ({ op, inputs: [names[i]!], outputs: [names[i + 1]!], name: `n${i}` })),
    inputs: [['x', 'float32', ['n']]],
    outputs: [['y', 'float32', ['n']]],
  });
}

test('the library tells version, build and providers', () => {
  assert.match(library.version, /^1\.\d+\.\d+/);
  assert.is(library.apiVersion, Math.min(30, Number(library.version.split('.')[1])));
  assert.match(library.buildInfo, /ORT Build Info/);
  assert.ok(library.providers.includes('CPUExecutionProvider'));
});

test('a model from bytes: signature with symbolic sizes, bind, run, outputs', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    assert.equal(session.inputs, [{ name: 'x', dtype: 'float32', shape: ['rows', 2] }]);
    assert.equal(session.outputs, [{ name: 'y', dtype: 'float32', shape: ['rows', 3] }]);
    assert.is(session.openTimes.weightFillNs, null);
    assert.ok(session.openTimes.sessionCreateNs > 0);
    await session.bind([floats('x', [2, 2], [1, 0, 0, 10])]);
    assert.ok((await session.runOnce()) > 0);
    const [y] = await session.readOutputs();
    assert.equal([y!.name, y!.dtype, y!.shape], ['y', 'float32', [2, 3]]);
    assert.equal(toFloats(y!.data), [1, 2, 3, 40, 50, 60]);
    await session.bind([floats('x', [1, 2], [2, 2])]);
    await session.runOnce();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [10, 14, 18]);
  });
});

test('shared feeds: runs see what is written later; a run that reads gives moments in order', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    const values = new Float32Array([1, 0]);
    const data = new Uint8Array(values.buffer);
    await session.bind([{ name: 'x', dtype: 'float32', shape: [1, 2], data, shared: true }]);
    const before = addon.nowNs();
    const { beginNs, ranNs, endNs } = session.runAndRead();
    assert.ok(before <= beginNs && beginNs < ranNs && ranNs <= endNs && endNs <= addon.nowNs());
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [1, 2, 3]);
    values.set([0, 10]);
    session.runAndRead();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [40, 50, 60]);
    await session.bind([{ name: 'x', dtype: 'float32', shape: [1, 2], data }]);
    values.set([7, 7]);
    session.runAndRead();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [40, 50, 60], 'a copy stays what it was');
  });
});

test('a run that reads waits for nobody: it is refused before bind, while another call runs, and after close', async () => {
  const session = await open({ modelBytes: product });
  assert.throws(() => session.runAndRead(), /bind the inputs/);
  await session.bind([floats('x', [1, 2], [1, 1])]);
  const block = session.sample(20_000);
  assert.throws(() => session.runAndRead(), /another call of the session is in progress/);
  session.cancel();
  await block;
  assert.ok(session.runAndRead().endNs > 0);
  await session.close();
  assert.throws(() => session.runAndRead(), /closed/);
});

test('a model from a file, whose name may hold any character', async () => {
  const path = join(folder, 'модель 模型.onnx');
  writeFileSync(path, product);
  await withSession(library, { modelPath: path }, async ({ inputs }) => assert.is(inputs[0]!.name, 'x'));
});

test('weights from memory are used where they lie, transposed ones included', async () => {
  const config = { modelBytes: matmulModel(1, 2, 3), weights: [weight] };
  await withSession(library, config, async (session) => {
    assert.is(session.openTimes.weightBytes, 24);
    assert.ok(session.openTimes.weightFillNs! > 0);
    await session.bind([floats('x', [1, 2], [3, 4])]);
    await session.runOnce();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [7, 7, 7]);
  });
});

test('every element type that a HostTensor can hold passes through', async () => {
  const types = ['float32', 'uint8', 'int8', 'int32', 'int64', 'bool', 'float16'] as const;
  for (const dtype of types) {
    const modelBytes = onnxModel({
      nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
      inputs: [['x', dtype, ['n']]],
      outputs: [['y', dtype, ['n']]],
    });
    await withSession(library, { modelBytes }, async (session) => {
      assert.is(session.inputs[0]!.dtype, dtype);
      const data = new Uint8Array(8).fill(1);
      const count = { float32: 2, uint8: 8, int8: 8, int32: 2, int64: 1, bool: 8, float16: 4 }[dtype];
      await session.bind([{ name: 'x', dtype, shape: [count], data }]);
      await session.runOnce();
      const [y] = await session.readOutputs();
      assert.equal([y!.dtype, y!.shape, new Uint8Array(y!.data)], [dtype, [count], data]);
    });
  }
});

test('tensors without elements and without dimensions', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    await session.bind([floats('x', [0, 2], [])]);
    await session.runOnce();
    assert.equal((await session.readOutputs())[0]!.shape, [0, 3]);
  });
  const modelBytes = onnxModel({
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
    inputs: [['x', 'float32', []]],
    outputs: [['y', 'float32', []]],
  });
  await withSession(library, { modelBytes }, async (session) => {
    await session.bind([floats('x', [], [5])]);
    await session.runOnce();
    assert.equal((await session.readOutputs())[0]!.shape, []);
  });
});

test('outputs that are no tensors are listed without a type and left out when read', async () => {
  const modelBytes = onnxModel({
    nodes: [
      { op: 'SequenceConstruct', inputs: ['x', 'x'], outputs: ['s'] },
      { op: 'Neg', inputs: ['x'], outputs: ['y'] },
    ],
    inputs: [['x', 'float32', ['n']]],
    outputs: [
      ['s', null, ['n']],
      ['y', 'float32', ['n']],
    ],
  });
  await withSession(library, { modelBytes }, async (session) => {
    assert.is(session.outputs[0]!.dtype, null);
    await session.bind([floats('x', [1], [3])]);
    await session.runOnce();
    const outputs = await session.readOutputs();
    assert.equal(
      outputs.map(({ name, data }) => [name, toFloats(data)]),
      [['y', [-3]]],
    );
  });
});

test('samples: as many as asked for, each with a duration', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 2])]);
    for (const streams of [1, 3]) {
      const { durationsNs, wallNs, cpuNs } = await session.sample(100, streams);
      assert.is(durationsNs.length, 100);
      assert.ok(durationsNs.every((ns) => ns > 0));
      const sum = durationsNs.reduce((a, b) => a + b, 0);
      assert.ok(wallNs >= sum / streams, 'wall time covers the runs');
      assert.ok(cpuNs > 0);
    }
    assert.is((await session.sample(0)).durationsNs.length, 0);
  });
});

test('cancel keeps what was measured, and means earlier blocks only', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 2])]);
    for (const streams of [1, 2]) {
      let length = 0;
      // A busy machine may not get to the first run before the cancel: then it has more time.
      for (let delayMs = 50; length === 0 && delayMs < 10_000; delayMs *= 4) {
        const block = session.sample(5_000_000, streams);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        session.cancel();
        ({ length } = (await block).durationsNs);
      }
      assert.ok(length > 0 && length < 5_000_000, `${length} samples`);
      assert.is((await session.sample(10, streams)).durationsNs.length, 10);
    }
  });
});

(process.platform === 'linux' ? test : test.skip)(
  'the intra-op and inter-op threads are as many as asked for',
  async () => {
    const threads = () => readdirSync('/proc/self/task').length;
    const added = async (config: Partial<NativeSessionConfig>) => {
      const before = threads();
      return withSession(library, { modelBytes: product, ...config }, async () => threads() - before);
    };
    const one = await added({});
    assert.is(await added({ intraOpThreads: 4 }), one + 3);
    assert.ok((await added({ interOpThreads: 3 })) > one, 'parallel mode has a pool of its own');
  },
);

test('optimisation level: identities stay when it is disabled', async () => {
  const nodes = async (optimization: 'disabled' | 'all') => {
    const config = { 'session.record_ep_graph_assignment_info': '1' };
    return withSession(
      library,
      { modelBytes: chain(['Relu', 'Identity', 'Sqrt']), optimization, config },
      async (session) => {
        const assignments = await session.assignments();
        assert.ok(assignments.every(({ provider }) => provider === 'CPUExecutionProvider'));
        return assignments.flatMap(({ nodes }) => nodes).map(({ name, domain, op }) => `${name}:${domain}:${op}`);
      },
    );
  };
  assert.equal((await nodes('disabled')).sort(), ['n0::Relu', 'n1::Identity', 'n2::Sqrt']);
  assert.equal((await nodes('all')).sort(), ['n0::Relu', 'n2::Sqrt']);
});

test('assignments need their config entry', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    assert.is((await errorOf(() => session.assignments())).ortCode, 'FAIL');
  });
});

test('arena: its counters exist only when it is on', async () => {
  const stats = (cpuArena: boolean) =>
    withSession(library, { modelBytes: product, cpuArena }, async (session) => {
      await session.bind([floats('x', [1, 2], [1, 2])]);
      await session.runOnce();
      return session.allocatorStats().catch((error) => ({ error: error.message }));
    });
  assert.ok(Number(((await stats(true)) as Record<string, string>).TotalAllocated) > 0);
  assert.is(Number(((await stats(false)) as Record<string, string>).TotalAllocated ?? 0), 0);
});

test('memory pattern: fewer allocations a run when it is on', async () => {
  const allocations = (memoryPattern: boolean) =>
    withSession(
      library,
      { modelBytes: chain(['Exp', 'Sqrt', 'Neg', 'Sin', 'Cos']), memoryPattern },
      async (session) => {
        await session.bind([floats('x', [64], Array(64).fill(1))]);
        await session.sample(3);
        const before = Number((await session.allocatorStats()).NumAllocs);
        await session.sample(10);
        return Number((await session.allocatorStats()).NumAllocs) - before;
      },
    );
  const [on, off] = [await allocations(true), await allocations(false)];
  assert.ok(on < off, `${on} with, ${off} without`);
});

test('free dimensions are fixed before the model is optimised', async () => {
  await withSession(library, { modelBytes: product, freeDimensions: { rows: 5 } }, async (session) => {
    assert.equal(session.inputs[0]!.shape, [5, 2]);
  });
});

test('profiling writes one file, which names the nodes; without it there is none', async () => {
  await withSession(library, { modelBytes: product, profilePrefix: join(folder, 'profile') }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 2])]);
    await session.runOnce();
    const path = await session.endProfiling();
    assert.match(path!, /profile.*\.json$/);
    assert.ok(JSON.parse(readFileSync(path!, 'utf8')).some((event: { name: string }) => /^multiply/.test(event.name)));
    assert.is(await session.endProfiling(), null);
  });
  await withSession(library, { modelBytes: product }, async (session) => assert.is(await session.endProfiling(), null));
});

test('a profile of one run names its nodes', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 2])]);
    await session.runOnce();
    await session.profileRun(join(folder, 'one-run'));
    const written = readdirSync(folder).filter((name) => name.startsWith('one-run'));
    assert.is(written.length, 1);
    const events = JSON.parse(readFileSync(join(folder, written[0]!), 'utf8')) as { name: string }[];
    assert.is(events.filter(({ name }) => name === 'model_run').length, 1);
    assert.ok(events.some(({ name }) => /^multiply.*_kernel_time$/.test(name)));
  });
});

test('denormals: kept or flushed in the thread that runs the model, streams included', async () => {
  const tiny = 1e-40;
  const modelBytes = onnxModel({
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
    inputs: [['x', 'float32', [4]]],
    outputs: [['y', 'float32', [4]]],
  });
  for (const denormalsAsZero of [false, true, false]) {
    await withSession(library, { modelBytes, denormalsAsZero }, async (session) => {
      await session.bind([floats('x', [4], [tiny, tiny, tiny, tiny])]);
      await session.sample(2);
      const [y] = toFloats((await session.readOutputs())[0]!.data);
      assert.is(y === 0, denormalsAsZero);
    });
  }
});

test('devices: the CPU is one, and a session can be put on it by device', async () => {
  const cpu = library.epDevices().find(({ provider }) => provider === 'CPUExecutionProvider');
  assert.is(cpu?.hardwareType, 'cpu');
  assert.type(cpu!.hardwareVendor, 'string');
  const providers = [{ route: 'devices' as const, name: 'CPUExecutionProvider', options: {} }];
  await withSession(library, { modelBytes: product, providers }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 1])]);
    await session.runOnce();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [5, 7, 9]);
  });
  const error = await errorOf(() => open({ modelBytes: product, providers: [{ ...providers[0]!, name: 'Nothing' }] }));
  assert.is(error.message, 'provider Nothing: no device of this machine offers it');
});

test('output memory by name', async () => {
  await withSession(library, { modelBytes: product, outputMemory: { name: 'Cpu', device: 0 } }, async (session) => {
    await session.bind([floats('x', [1, 2], [1, 1])]);
    await session.runOnce();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [5, 7, 9]);
  });
  const error = await errorOf(() => open({ modelBytes: product, outputMemory: { name: 'Nowhere', device: 0 } }));
  assert.is(error.ortCode, 'INVALID_ARGUMENT');
});

const missing: [string, NativeSessionConfig['providers'][number], string, RegExp][] = [
  [
    'a provider outside the build',
    { route: 'generic', name: 'XNNPACK', options: {} },
    'INVALID_ARGUMENT',
    /not supported in this build/,
  ],
  ['an unknown provider', { route: 'generic', name: 'NOPE', options: {} }, 'INVALID_ARGUMENT', /Unknown provider name/],
  ['CUDA without its library', { route: 'cuda', name: 'CUDA', options: {} }, 'FAIL', /./],
  ['CUDA options without its library', { route: 'cuda', name: 'CUDA', options: { device_id: '0' } }, 'FAIL', /./],
  ['TensorRT without its library', { route: 'tensorrt', name: 'TensorRT', options: {} }, 'FAIL', /./],
  [
    'TensorRT options without its library',
    { route: 'tensorrt', name: 'TensorRT', options: { device_id: '0' } },
    'FAIL',
    /./,
  ],
];
for (const [label, provider, code, message] of missing) {
  test(`refused: ${label}`, async () => {
    const gpu = provider.route === 'cuda' || provider.route === 'tensorrt';
    // A machine that has the provider's library does not fail here; the npm package comes without it.
    if (gpu && existsSync(library.path.replace(/libonnxruntime\.so.*/, 'libonnxruntime_providers_shared.so'))) return;
    const error = await errorOf(() => open({ modelBytes: product, providers: [provider] }));
    assert.is(error.ortCode, code);
    assert.match(error.message, message);
  });
}

test('provider libraries that are none are refused', async () => {
  const error = await errorOf(() => library.registerProviderLibrary('mine', join(folder, 'no such library.so')));
  assert.ok(error.ortCode, error.message);
});

const broken: [string, () => Partial<NativeSessionConfig>, string][] = [
  ['no protobuf', () => ({ modelBytes: new Uint8Array([1, 2, 3]) }), 'INVALID_PROTOBUF'],
  ['cut short', () => ({ modelBytes: product.subarray(0, product.length - 20) }), 'INVALID_PROTOBUF'],
  ['no such file', () => ({ modelPath: join(folder, 'nothing.onnx') }), 'NO_SUCHFILE'],
  ['unknown operator', () => ({ modelBytes: chain(['NoSuchOperator']) }), 'INVALID_GRAPH|FAIL'],
  ['weight without bytes', () => ({ modelBytes: matmulModel(1, 2, 3) }), '.'],
  [
    'weight of another size',
    () => ({ modelBytes: matmulModel(1, 2, 3), weights: [{ ...weight, shape: [3, 4] }] }),
    '.',
  ],
];
for (const [label, config, code] of broken) {
  test(`broken model: ${label}`, async () => {
    const error = await errorOf(() => open(config()));
    assert.match(error.ortCode ?? 'none', new RegExp(code), error.message);
  });
}

test('broken models: a bit flipped or the end cut off anywhere never ends the process', async () => {
  for (let at = 0; at < product.length; at += 3) {
    const flipped = product.slice();
    flipped[at]! ^= 1 << (at % 8);
    for (const modelBytes of [flipped, product.slice(0, at + 1)]) {
      const session = await open({ modelBytes }).catch((error) => assert.ok(error.ortCode, error.message));
      await session?.close();
    }
  }
});

test('an empty file and a folder in place of a model', async () => {
  const empty = join(folder, 'empty.onnx');
  writeFileSync(empty, '');
  for (const modelPath of [empty, folder]) assert.ok((await errorOf(() => open({ modelPath }))).ortCode, modelPath);
});

test('runs that fail: no inputs, a wrong shape, type or name; the session stays usable', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    assert.match((await errorOf(() => session.runOnce())).message, /bind the inputs of the session first/);
    assert.match((await errorOf(() => session.readOutputs())).message, /run the session before reading its outputs/);
    await session.bind([]);
    assert.ok((await errorOf(() => session.runOnce())).ortCode);
    assert.ok((await errorOf(() => session.sample(5))).ortCode);
    assert.ok((await errorOf(() => session.sample(5, 2))).ortCode);
    assert.match((await errorOf(() => session.readOutputs())).message, /run the session before/);
    await session.bind([floats('x', [1, 3], [1, 2, 3])]);
    assert.is((await errorOf(() => session.runOnce())).ortCode, 'INVALID_ARGUMENT');
    await session.bind([{ name: 'x', dtype: 'int32', shape: [1, 2], data: new Uint8Array(8) }]);
    assert.is((await errorOf(() => session.runOnce())).ortCode, 'INVALID_ARGUMENT');
    assert.ok((await errorOf(() => session.bind([floats('z', [1, 2], [1, 2])]))).ortCode);
    await session.bind([floats('x', [1, 2], [1, 1])]);
    await session.runOnce();
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [5, 7, 9]);
  });
});

test('close may be called again; after it everything else is refused', async () => {
  const session = await open({ modelBytes: product });
  const first = session.close();
  assert.match((await errorOf(() => session.runOnce())).message, /the session is closed/);
  await Promise.all([first, session.close()]);
  await session.close();
  session.cancel();
  for (const call of ['runOnce', 'readOutputs', 'endProfiling', 'assignments', 'allocatorStats'] as const) {
    assert.match((await errorOf(() => session[call]())).message, /the session is closed/, call);
  }
  assert.match((await errorOf(() => session.bind([]))).message, /the session is closed/);
  assert.match((await errorOf(() => session.sample(1))).message, /the session is closed/);
});

test('close ends a block in progress', async () => {
  const session = await open({ modelBytes: product });
  await session.bind([floats('x', [1, 2], [1, 2])]);
  const block = session.sample(2_000_000);
  await session.close();
  assert.ok((await block).durationsNs.length < 2_000_000);
});

test('calls that overlap are done in turn', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    const results = await Promise.all([
      session.bind([floats('x', [1, 2], [1, 1])]),
      session.runOnce(),
      session.readOutputs(),
      session.bind([floats('x', [1, 2], [2, 2])]),
      session.sample(3),
      session.readOutputs(),
    ]);
    assert.equal(toFloats(results[2][0]!.data), [5, 7, 9]);
    assert.equal(toFloats(results[5][0]!.data), [10, 14, 18]);
  });
});

const hostile: [string, unknown, RegExp][] = [
  ['nothing', undefined, /config must be an object|must be an array/],
  ['no providers', { ...sessionConfig, modelBytes: product, providers: 5 }, /config.providers must be an array/],
  [
    'threads',
    { ...sessionConfig, modelBytes: product, intraOpThreads: -1 },
    /intraOpThreads must be a whole number from 0/,
  ],
  ['fraction', { ...sessionConfig, modelBytes: product, interOpThreads: 1.5 }, /interOpThreads must be a whole number/],
  ['level', { ...sessionConfig, modelBytes: product, optimization: 'max' }, /optimization must be disabled, basic/],
  ['flag', { ...sessionConfig, modelBytes: product, spinning: 1 }, /spinning must be true or false/],
  ['both models', { ...sessionConfig, modelBytes: product, modelPath: 'x' }, /modelPath must be given, or modelBytes/],
  ['no model', sessionConfig, /modelPath must be given, or modelBytes/],
  ['empty model', { ...sessionConfig, modelBytes: new Uint8Array() }, /modelBytes must be the bytes of a model/],
  ['route', { ...sessionConfig, modelBytes: product, providers: [{ route: 'x' }] }, /route must be generic, cuda/],
  ['NUL', { ...sessionConfig, modelPath: 'a\0b' }, /without NUL/],
];
for (const [label, config, message] of hostile) {
  test(`hostile configuration: ${label}`, async () => {
    const error = await errorOf(() => library.openSession(config as NativeSessionConfig));
    assert.instance(error, TypeError);
    assert.match(error.message, message);
  });
}

test('hostile feeds, counts and receivers', async () => {
  await withSession(library, { modelBytes: product }, async (session) => {
    const feed = floats('x', [1, 2], [1, 2]);
    const wrong: [unknown, RegExp][] = [
      [[{ ...feed, shape: [1, 3] }], /data must be 3 elements of 4 bytes, as its shape says/],
      [[{ ...feed, shape: [-1] }], /shape\[0\] must be a whole number/],
      [[{ ...feed, shape: [2 ** 40, 2 ** 40] }], /fewer than 2\^53 elements/],
      [[{ ...feed, dtype: 'string' }], /dtype must be the name of a type of fixed size/],
      [[{ ...feed, data: 'text' }], /data must be a typed array/],
      ['x', /feeds must be an array/],
    ];
    for (const [feeds, message] of wrong) {
      assert.match((await errorOf(() => session.bind(feeds as never))).message, message);
    }
    await session.bind([feed]);
    for (const count of [-1, 1.5, Number.NaN, 1e9, '3']) {
      assert.match((await errorOf(() => session.sample(count as number))).message, /count must be a whole number/);
    }
    assert.match((await errorOf(() => session.sample(1, 0))).message, /streams must be a whole number from 1/);
    assert.throws(() => session.runOnce.call(library), /Illegal invocation/);
    assert.throws(() => library.openSession.call(session as never, sessionConfig), /Illegal invocation/);
    const Class = session.constructor as new () => typeof session;
    assert.match((await errorOf(() => new Class().runOnce())).message, /the session is closed/);
  });
});

test.run();
