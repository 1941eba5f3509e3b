import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nativeRuntime, providerChoices } from '../../src/runtime/native.js';
import { OrtError, type SessionRequest } from '../../src/runtime/session.js';
import { UnsupportedError, UsageError } from '../../src/util/error.js';
import { matmulModel, onnxModel } from '../support/onnx.js';
import { errorOf, floats, toFloats } from '../support/ort.js';

const runtime = await nativeRuntime({ ortLibrary: null });
const request: SessionRequest = {
  source: {
    kind: 'graph',
    bytes: matmulModel('n', 2, 3, new Uint8Array(new Float32Array(6).fill(1).buffer)),
    weights: [],
  },
  provider: 'cpu',
  providerOptions: {},
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: true,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions: {},
};

const test = suite('native runtime');

test('it tells what it is', () => {
  const { info } = runtime;
  assert.equal([info.name, info.apiVersion! >= 17, info.clock.readNs > 0], ['native', true, true]);
  assert.ok(info.providers.includes('CPUExecutionProvider'));
});

test('a session keeps the contract: bind, run, read, sample, close twice', async () => {
  const session = await runtime.open(request);
  assert.equal(session.inputs, [{ name: 'x', dtype: 'float32', shape: ['n', 2] }]);
  const { name, ...tensor } = floats('x', [1, 2], [2, 3]);
  await session.bind({ [name]: tensor });
  assert.ok((await session.runOnce()) > 0);
  assert.equal(toFloats((await session.readOutputs()).y!.data), [5, 5, 5]);
  assert.is((await session.sample(7)).durationsNs.length, 7);
  assert.is(await session.endProfiling(), null);
  await session.close();
  await session.close();
});

test('errors of ONNX Runtime are OrtErrors with code and message', async () => {
  const broken = await errorOf(() =>
    runtime.open({ ...request, source: { kind: 'graph', bytes: new Uint8Array([1]), weights: [] } }),
  );
  assert.instance(broken, OrtError);
  assert.is((broken as OrtError).code, 'INVALID_PROTOBUF');
  const missing = await errorOf(() => runtime.open({ ...request, source: { kind: 'file', path: '/no/such.onnx' } }));
  assert.is((missing as OrtError).code, 'NO_SUCHFILE');
  const provider = await errorOf(() => runtime.open({ ...request, provider: 'xnnpack' }));
  assert.match(provider.message, /XNNPACK execution provider is not supported in this build/);
});

test('a library or weights file that cannot be used is a usage error of one line', async () => {
  const library = await errorOf(() => nativeRuntime({ ortLibrary: '/no/such/library.so' }));
  assert.instance(library, UsageError);
  assert.is(library.message, 'ONNX Runtime library /no/such/library.so: not found');
  const values = { kind: 'file', path: '/no/such.safetensors', offset: 0, byteLength: 24, dtype: 'float32' } as const;
  const weights = [{ name: 'w', dtype: 'float32' as const, shape: [2, 3], transposed: false, values }];
  const file = await errorOf(() =>
    runtime.open({ ...request, source: { kind: 'graph', bytes: matmulModel(1, 2, 3), weights } }),
  );
  assert.instance(file, UsageError);
  assert.match(file.message, /^weights file \/no\/such\.safetensors: /);
});

test('inputs that no HostTensor can hold are unsupported', async () => {
  const bytes = onnxModel({
    nodes: [{ op: 'Identity', inputs: ['s'], outputs: ['y'] }],
    inputs: [['s', 'string', ['n']]],
    outputs: [['y', 'string', ['n']]],
  });
  const session = await runtime.open({ ...request, source: { kind: 'graph', bytes, weights: [] } });
  const error = await errorOf(() => session.bind({ s: { dtype: 'string', shape: [1], data: new Uint8Array() } }));
  assert.instance(error, UnsupportedError);
  await session.close();
});

const device = (provider: string) => ({
  ...{ provider, providerVendor: '', hardwareType: 'gpu' as const, hardwareVendor: '', hardwareId: 1 },
});
const choices = (name: string, options = {}, providers: string[] = [], devices: string[] = []) =>
  providerChoices(name, options, { providers, epDevices: () => devices.map(device) });

test('providers reach the library by the call that knows them', () => {
  assert.equal(choices('cpu'), []);
  assert.equal(choices('cuda', { device_id: '1' }), [{ route: 'cuda', name: 'CUDA', options: { device_id: '1' } }]);
  assert.equal(choices('tensorrt', { device_id: '1', trt_fp16_enable: '1', 'cuda.use_tf32': '0' }), [
    { route: 'tensorrt', name: 'TensorRT', options: { device_id: '1', trt_fp16_enable: '1' } },
    { route: 'cuda', name: 'CUDA', options: { device_id: '1', use_tf32: '0' } },
  ]);
  assert.equal(choices('coreml'), [{ route: 'generic', name: 'CoreML', options: {} }]);
  assert.equal(choices('directml'), [{ route: 'generic', name: 'DML', options: {} }]);
  assert.equal(choices('qnn'), [{ route: 'generic', name: 'QNN', options: {} }]);
});

test('a provider of a plugin goes by its devices, unless the library has it built in', () => {
  const plugin = [{ route: 'devices', name: 'WebGpuExecutionProvider', options: {} }];
  assert.equal(choices('webgpu', {}, ['CPUExecutionProvider'], ['WebGpuExecutionProvider']), plugin);
  const builtIn = [{ route: 'generic', name: 'WebGPU', options: {} }];
  assert.equal(choices('webgpu', {}, ['WebGpuExecutionProvider'], ['WebGpuExecutionProvider']), builtIn);
});

test('closing the runtime closes its sessions', async () => {
  const own = await nativeRuntime({ ortLibrary: null });
  const session = await own.open(request);
  await own.close();
  assert.match((await errorOf(() => session.runOnce())).message, /the session is closed/);
});

test.run();
