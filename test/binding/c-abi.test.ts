// The ABI table against facts noted from ONNX Runtime's header, and the list of the tests that prove each entry by what it does.

import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Title of a test in session.test.ts or fake-ort.test.ts -> entries whose effect it observes. */
const PROOFS: Record<string, string[]> = {
  'the library tells version, build and providers': [
    ...['GetAvailableProviders', 'ReleaseAvailableProviders', 'GetBuildInfoString'],
  ],
  'a model from bytes: signature with symbolic sizes, bind, run, outputs': [
    ...['CreateEnvWithCustomLogger', 'CreateSessionFromArray', 'CreateSessionOptions', 'SessionGetInputCount'],
    ...['SessionGetOutputCount', 'SessionGetInputTypeInfo', 'SessionGetOutputTypeInfo', 'SessionGetInputName'],
    ...[
      'SessionGetOutputName',
      'CastTypeInfoToTensorInfo',
      'GetTensorElementType',
      'GetDimensionsCount',
      'GetDimensions',
    ],
    ...['GetSymbolicDimensions', 'GetAllocatorWithDefaultOptions', 'CreateTensorAsOrtValue', 'CreateRunOptions'],
    ...['CreateIoBinding', 'BindInput', 'BindOutputToDevice', 'RunWithBinding', 'GetBoundOutputValues'],
    ...['GetTensorMutableData', 'GetTensorTypeAndShape', 'GetTensorMemoryInfo', 'MemoryInfoGetDeviceType'],
    ...['SessionGetMemoryInfoForOutputs', 'CreateCpuMemoryInfo'],
  ],
  'a model from a file, whose name may hold any character': ['CreateSession'],
  'weights from memory are used where they lie, transposed ones included': [
    ...['CreateTensorWithDataAsOrtValue', 'AddExternalInitializers'],
  ],
  'outputs that are no tensors are listed without a type and left out when read': [
    'GetOnnxTypeFromTypeInfo',
    'IsTensor',
  ],
  'the intra-op and inter-op threads are as many as asked for': [
    ...['SetIntraOpNumThreads', 'SetInterOpNumThreads', 'SetSessionExecutionMode'],
  ],
  'optimisation level: identities stay when it is disabled': [
    ...['SetSessionGraphOptimizationLevel', 'AddSessionConfigEntry', 'Session_GetEpGraphAssignmentInfo'],
    ...['EpAssignedSubgraph_GetEpName', 'EpAssignedSubgraph_GetNodes', 'EpAssignedNode_GetName'],
    ...['EpAssignedNode_GetDomain', 'EpAssignedNode_GetOperatorType'],
  ],
  'arena: its counters exist only when it is on': [
    ...['EnableCpuMemArena', 'DisableCpuMemArena', 'CreateAllocator', 'ReleaseAllocator', 'AllocatorGetStats'],
    ...['GetKeyValuePairs', 'ReleaseKeyValuePairs'],
  ],
  'memory pattern: fewer allocations a run when it is on': ['EnableMemPattern', 'DisableMemPattern'],
  'free dimensions are fixed before the model is optimised': ['AddFreeDimensionOverrideByName'],
  'profiling writes one file, which names the nodes; without it there is none': [
    'EnableProfiling',
    'SessionEndProfiling',
  ],
  'devices: the CPU is one, and a session can be put on it by device': [
    ...['GetEpDevices', 'SessionOptionsAppendExecutionProvider_V2', 'HardwareDevice_Type', 'HardwareDevice_Vendor'],
    ...['HardwareDevice_DeviceId', 'EpDevice_EpName', 'EpDevice_EpVendor', 'EpDevice_Device'],
  ],
  'output memory by name': ['CreateMemoryInfo'],
  'provider libraries that are none are refused': ['RegisterExecutionProviderLibrary'],
  'CUDA, TensorRT and generic providers are appended in the order given, with their options': [
    ...['SessionOptionsAppendExecutionProvider', 'CreateCUDAProviderOptions', 'UpdateCUDAProviderOptions'],
    ...['SessionOptionsAppendExecutionProvider_CUDA_V2', 'ReleaseCUDAProviderOptions', 'CreateTensorRTProviderOptions'],
    ...['UpdateTensorRTProviderOptions', 'SessionOptionsAppendExecutionProvider_TensorRT_V2'],
    ...['ReleaseTensorRTProviderOptions'],
  ],
  'outputs in device memory come to the host by one more run, which captures no graph': [
    ...['AddRunConfigEntry', 'SynchronizeBoundInputs', 'SynchronizeBoundOutputs'],
  ],
  'runs of a device wait for it; runs from the host copy both ways': ['Run', 'MemoryInfoGetName'],
  'a profile of one run names its nodes': ['RunOptionsEnableProfiling'],
  'errors of the library keep code and message and leave no object behind': [
    ...['GetErrorCode', 'GetErrorMessage', 'ReleaseStatus'],
  ],
  'thousands of sessions created, run and closed leave no object and no thread behind': [
    ...['AllocatorFree', 'ReleaseMemoryInfo', 'ReleaseSession', 'ReleaseValue', 'ReleaseRunOptions', 'ReleaseTypeInfo'],
    ...['ReleaseTensorTypeAndShapeInfo', 'ReleaseSessionOptions', 'ReleaseIoBinding'],
  ],
};

const table = [...read('binding/ort/c_abi.h').matchAll(/ENTRY\((\d+), (\w+), (\d+), [^(]*\((.*)\)\)/g)].map(
  ([, index, name, since, parameters]) => ({
    name: name!,
    index: Number(index),
    since: Number(since),
    parameters: parameters === '' ? 0 : parameters!.split(',').length,
  }),
);

const test = suite('ABI table');

test('index, version and number of parameters agree with the header', () => {
  const { entries } = JSON.parse(read('test/fixtures/ort-abi.json'));
  assert.ok(table.length > 90);
  for (const { name, ...facts } of table) assert.equal(facts, entries[name], name);
});

test('entries are in the order of the table, each once', () => {
  for (let i = 1; i < table.length; i++) assert.ok(table[i]!.index > table[i - 1]!.index, table[i]!.name);
});

test('a test observes what each entry does', () => {
  const sources = read('test/binding/session.test.ts') + read('test/binding/fake-ort.test.ts');
  for (const title of Object.keys(PROOFS)) assert.ok(sources.includes(`'${title}'`), title);
  assert.equal(Object.values(PROOFS).flat().sort(), table.map(({ name }) => name).sort());
});

test('the code calls every entry', () => {
  const files = ['library', 'session', 'session_options', 'io_binding', 'status', 'handle', 'host_run', 'fence'];
  const code = files.map((file) => ['cc', 'h'].map((ext) => tryRead(`binding/ort/${file}.${ext}`)).join('')).join('');
  for (const { name } of table) assert.match(code, new RegExp(`\\bapi_?\\.${name}\\b`), name);
});

function tryRead(path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}

test.run();
