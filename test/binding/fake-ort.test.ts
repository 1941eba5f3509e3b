// Negotiation with libraries of all kinds, and what only a fake library can show: that nothing beyond an old library's table is
// touched, that every object is released, and how providers that this machine lacks are set up.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath, loadAddon, type NativeLibrary, type ProviderChoice } from '../../binding/index.js';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';
import { errorOf, floats, sessionConfig, toFloats, withSession } from '../support/ort.js';

const addon = loadAddon();
const folder = mkdtempSync(join(tmpdir(), 'hfbench-fake-'));
const original = join(dirname(addonPath()), 'fake_ort.library');
const test = suite('fake library');
test.after(() => rmSync(folder, { recursive: true }));

let copies = 0;
/** A library of its own: the system loads each file once a process. */
function fakePath(): string {
  const path = join(folder, `fake-${copies++}.library`);
  copyFileSync(original, path);
  return path;
}

function openFake(version: string, mode = ''): NativeLibrary {
  process.env.HFBENCH_FAKE_ORT_VERSION = version;
  process.env.HFBENCH_FAKE_ORT_MODE = mode;
  return addon.openLibrary(fakePath());
}

/** Objects alive in a fake library and what was asked of it since the last look. */
function look(library: NativeLibrary): { live: number; asked: string[] } {
  const [live, ...asked] = addon.openLibrary(library.path).buildInfo.split('; ');
  return { live: Number(live!.replace('live ', '')), asked: asked.map((text) => text.trim()) };
}

const model = new TextEncoder().encode('fake');
const ones = [floats('x', [1, 2], [1, 2])];

test('the API version is the highest that both sides know', () => {
  for (const [version, api] of [
    ['1.17.0', 17],
    ['1.22.1', 22],
    ['1.30.0', 30],
    ['1.99.0', 30],
    ['1.31.0-dev+abc', 30],
  ] as const) {
    const library = openFake(version);
    assert.equal([library.version, library.apiVersion, library.providers], [version, api, ['CPUExecutionProvider']]);
  }
});

const refused: [string, string, string, RegExp][] = [
  ['too old', '1.16.3', '', /version 1\.16\.3 is too old; hfbench needs 1\.17 or newer$/],
  ['ancient', '0.5.0', '', /version 0\.5\.0 is too old/],
  ['another interface', '2.0.0', '', /version 2\.0\.0 has an interface that this hfbench does not know/],
  ['no version', '', '', /has no version that can be read \(''\)/],
  ['garbage for a version', 'one.two', '', /has no version that can be read \('one.two'\)/],
  ['half a version', '1', '', /has no version that can be read/],
  ['a number too large', '1.99999999999', '', /has no version that can be read/],
  ['no interface at all', '1.20.0', 'no-base', /is not an ONNX Runtime library \(OrtGetApiBase gives no interface\)/],
  ['no API', '1.20.0', 'no-api', /version 1\.20\.0 does not offer its own API version 20/],
];
for (const [label, version, mode, message] of refused) {
  test(`refused: ${label}`, async () => {
    const error = await errorOf(() => openFake(version, mode));
    assert.is(error.code, 'HFBENCH_USAGE');
    assert.match(error.message, message);
    assert.not.match(error.message, /\n/);
  });
}

test('refused: files that are no ONNX Runtime', async () => {
  const write = (name: string, data: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, data);
    return path;
  };
  const whole = readFileSync(original);
  const other = Buffer.from(whole);
  other.writeUInt16LE(0x1234, 18); // e_machine
  const cases: [string, RegExp][] = [
    [join(folder, 'missing'), /not found$/],
    [folder, /is not a file$/],
    [write('empty', ''), /is not a shared library|does not load/],
    [
      write('text', 'hello, this is no library, though it is long enough to hold a header of one'),
      /is not a shared|does not load/,
    ],
    [addonPath(), /is not an ONNX Runtime library \(it has no function OrtGetApiBase\)$/],
    [process.execPath, /./],
  ];
  if (process.platform === 'linux') {
    const cut = join(folder, 'cut');
    copyFileSync(packagedOrtLibrary(), cut);
    truncateSync(cut, 1_000_000);
    cases.push([cut, /is damaged: it ends before its last segment/]);
    cases.push([write('header', whole.subarray(0, 64)), /is damaged/]);
    cases.push([write('other', other), /was built for another processor$/]);
  }
  for (const [path, message] of cases) {
    const error = await errorOf(() => addon.openLibrary(path));
    assert.is(error.code, 'HFBENCH_USAGE', path);
    assert.ok(error.message.startsWith(`ONNX Runtime library ${path}: `), error.message);
    assert.match(error.message, message);
    assert.not.match(error.message, /\n/);
  }
});

test('a library that was refused can be opened once it answers', () => {
  const path = fakePath();
  process.env.HFBENCH_FAKE_ORT_MODE = '';
  process.env.HFBENCH_FAKE_ORT_VERSION = '1.2.0';
  assert.throws(() => addon.openLibrary(path), /too old/);
  process.env.HFBENCH_FAKE_ORT_VERSION = '1.20.0';
  assert.is(addon.openLibrary(path).apiVersion, 20);
});

for (const version of ['1.17.0', '1.23.0']) {
  test(`${version}: a whole session touches no entry above its version and releases every object`, async () => {
    const library = openFake(version);
    const weights = [
      {
        name: 'w',
        dtype: 'float32' as const,
        shape: [4],
        transposed: false,
        values: { kind: 'fill' as const, stream: 'w', center: 0, scale: 1 },
      },
    ];
    await withSession(library, { modelBytes: model, weights, freeDimensions: { n: 3 } }, async (session) => {
      assert.equal(session.inputs, [{ name: 'x', dtype: 'float32', shape: ['n', 2] }]);
      await session.bind(ones);
      await session.runOnce();
      assert.equal(toFloats((await session.readOutputs())[0]!.data), [2, 3]);
      assert.is((await session.sample(20, 2)).durationsNs.length, 20);
      assert.is(await session.endProfiling(), null);
    });
    const { live, asked } = look(library);
    assert.is(live, 0);
    assert.ok(asked.includes('weight w') && asked.includes('dimension n=3') && asked.includes('inputs there'));
    assert.is(asked.includes('places asked'), version === '1.23.0');
  });
}

test('options reach the library', async () => {
  const library = openFake('1.17.0');
  const config = {
    memoryPattern: false,
    cpuArena: false,
    intraOpThreads: 3,
    interOpThreads: 2,
    optimization: 'basic' as const,
  };
  await withSession(library, { ...config, modelBytes: model, spinning: true, config: { 'a.b': 'c' } }, async () => {});
  const { asked } = look(library);
  for (const text of ['no pattern', 'no arena', 'intra 3', 'inter 2', 'mode 1', 'level 1', 'a.b=c']) {
    assert.ok(asked.includes(text), text);
  }
  assert.ok(asked.includes('session.intra_op.allow_spinning=1'));
  await withSession(library, { modelBytes: model, denormalsAsZero: true }, async () => {});
  const second = look(library).asked;
  for (const text of ['pattern', 'arena', 'mode 0', 'level 99', 'session.set_denormal_as_zero=1']) {
    assert.ok(second.includes(text), text);
  }
  assert.ok(second.includes('session.inter_op.allow_spinning=0'));
});

test('CUDA, TensorRT and generic providers are appended in the order given, with their options', async () => {
  const library = openFake('1.17.0');
  const providers: ProviderChoice[] = [
    { route: 'tensorrt', name: 'TensorRT', options: { device_id: '1', trt_fp16_enable: '1' } },
    { route: 'cuda', name: 'CUDA', options: { device_id: '1' } },
    { route: 'generic', name: 'XNNPACK', options: { intra_op_num_threads: '2' } },
  ];
  await withSession(library, { modelBytes: model, providers }, async () => {});
  const { live, asked } = look(library);
  assert.is(live, 0);
  const steps = asked.filter((text) => /TensorRT|CUDA|XNNPACK/.test(text));
  assert.equal(steps, [
    'TensorRT device_id=1 trt_fp16_enable=1',
    'append TensorRT',
    'CUDA device_id=1',
    'append CUDA',
    'append XNNPACK intra_op_num_threads=2',
  ]);
});

test('outputs in device memory come to the host by one more run, which captures no graph', async () => {
  const library = openFake('1.20.0');
  const config = { modelBytes: model, outputMemory: { name: 'Cuda', device: 1 } };
  await withSession(library, config, async (session) => {
    await session.bind(ones);
    await session.runOnce();
    look(library);
    assert.equal(toFloats((await session.readOutputs())[0]!.data), [2, 3]);
    assert.ok(look(library).asked.includes('run gpu_graph_id=-1'));
  });
  assert.is(look(library).live, 0);
});

test('runs of a device wait for it; runs from the host copy both ways', async () => {
  const library = openFake('1.20.0');
  const config = { modelBytes: model, outputMemory: { name: 'Cuda', device: 0 } };
  await withSession(library, config, async (session) => {
    assert.is(session.deviceMemory, 'Cuda');
    await session.bind(ones);
    look(library);
    await session.sample(3);
    assert.is(look(library).asked.filter((text) => text === 'outputs there').length, 3);
    assert.is((await session.sampleFromHost(4)).durationsNs.length, 4);
    const { asked } = look(library);
    assert.is(asked.filter((text) => text === 'from host').length, 4);
    assert.ok(asked.includes('run gpu_graph_id=-1'));
    assert.is(await session.syncCost(), 0);
  });
  assert.is(look(library).live, 0);
});

test('WebGPU, which only queues, is waited for by a session behind the one that is timed', async () => {
  const library = openFake('1.20.0');
  const providers: ProviderChoice[] = [{ route: 'generic', name: 'WebGPU', options: { deviceId: '1' } }];
  const config = { modelBytes: model, providers, outputMemory: { name: 'WebGPU_Buffer', device: 0 } };
  await withSession(library, config, async (session) => {
    await session.bind(ones);
    const { asked } = look(library);
    assert.is(asked.filter((text) => text === 'append WebGPU deviceId=1').length, 2);
    await session.sample(3);
    assert.ok((await session.syncCost()) > 0);
  });
  assert.is(look(library).live, 0);
});

test('an old library is told apart from a call that fails', async () => {
  const library = openFake('1.17.0');
  assert.equal(library.epDevices(), []);
  const needs = async (call: () => unknown, message: RegExp) => {
    const error = await errorOf(call);
    assert.is(error.code, 'HFBENCH_USAGE');
    assert.match(error.message, message);
  };
  await needs(() => library.registerProviderLibrary('a', 'b'), /too old for provider libraries, which needs 1\.22$/);
  await withSession(library, { modelBytes: model }, async (session) => {
    await needs(() => session.assignments(), /which needs 1\.24$/);
    await session.bind(ones);
    await needs(() => session.profileRun('p'), /a profile of one run, which needs 1\.25$/);
    await needs(() => session.allocatorStats(), /statistics of allocators, which needs 1\.23$/);
  });
  const providers = [{ route: 'devices' as const, name: 'X', options: {} }];
  await needs(() => library.openSession({ ...sessionConfig, modelBytes: model, providers }), /which needs 1\.22$/);
});

test('errors of the library keep code and message and leave no object behind', async () => {
  const library = openFake('1.25.0');
  const refusal = await errorOf(() =>
    library.openSession({ ...sessionConfig, modelBytes: new TextEncoder().encode('!') }),
  );
  assert.equal([refusal.ortCode, refusal.message], ['CODE_99', 'refused\nin two lines']);
  await withSession(library, { modelBytes: model }, async (session) => {
    await session.bind(ones);
    process.env.HFBENCH_FAKE_ORT_MODE = 'run';
    for (const call of [() => session.runOnce(), () => session.sample(5), () => session.sample(5, 3)]) {
      assert.equal([(await errorOf(call)).ortCode, (await errorOf(call)).message], ['EP_FAIL', 'the device fell off']);
    }
    process.env.HFBENCH_FAKE_ORT_MODE = '';
    await session.runOnce();
  });
  assert.is(look(library).live, 0);
  const providers = await errorOf(() => openFake('1.20.0', 'providers'));
  assert.equal([providers.ortCode, providers.message], ['FAIL', 'providers are out']);
  const environment = openFake('1.20.0', 'env');
  const failed = await errorOf(() => environment.openSession({ ...sessionConfig, modelBytes: model }));
  assert.is(failed.message, 'no environment today');
});

test('thousands of sessions created, run and closed leave no object and no thread behind', async () => {
  const library = openFake('1.30.0');
  const threads = () =>
    process.platform === 'linux' ? Number(/Threads:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) : 0;
  const before = threads();
  // Under a sanitizer every one of them costs many times as much; the C++ tests go on to 10,000 there.
  const cycles = addon.buildInfo().sanitizers === '' ? 10_000 : 1_000;
  for (let i = 0; i < cycles; i++) {
    const session = await library.openSession({ ...sessionConfig, modelBytes: model });
    await session.bind(ones);
    await session.runOnce();
    await session.close();
  }
  assert.is(look(library).live, 0);
  assert.ok(threads() <= before + 1, `${threads()} threads after, ${before} before`);
});

test.run();
