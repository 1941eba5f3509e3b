// Providers that fail in every way, on a scripted library: each becomes a failed record that says why, and nothing else suffers.

import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath } from '../../binding/index.js';
import { runIsolated } from '../../src/run/isolate.js';
import type { CaseResult } from '../../src/run/protocol.js';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.js';
import { folderWith } from '../support/cli.js';
import { sampleCase } from '../support/outcomes.js';

process.env.HFBENCH_CUDA = join(dirname(addonPath()), 'fake_cuda.library');

const folder = folderWith('add.onnx');
const ortLibrary = join(folder, 'libonnxruntime.so');
copyFileSync(join(dirname(addonPath()), 'fake_ort.library'), ortLibrary);

const QUICK = { ...DEFAULT_SETTINGS.sampling, minTimeNs: 0, maxTimeNs: 1e7, minSamples: 5, maxSamples: 20 };

/** A CUDA case on the scripted library. */
function scripted(
  script: Record<string, string>,
  changes: Partial<RunSettings> = {},
  cudaMode = '',
): Promise<CaseResult> {
  for (const name of ['VERSION', 'FAULT', 'RAN', 'MODE']) delete process.env[`HFBENCH_FAKE_ORT_${name}`];
  process.env.HFBENCH_FAKE_CUDA = cudaMode;
  process.env.HFBENCH_FAKE_ORT_PROVIDERS = 'CUDAExecutionProvider';
  for (const [name, value] of Object.entries(script)) process.env[`HFBENCH_FAKE_ORT_${name}`] = value;
  const work = sampleCase({
    model: 'add.onnx',
    source: { kind: 'file', path: join(folder, 'add.onnx') },
    ...{ size: null, dtype: null, style: null, seq: null },
    provider: 'cuda',
    providerOptions: { use_tf32: '0' },
  });
  const settings = { ...DEFAULT_SETTINGS, ortLibrary, sampling: QUICK, ...changes };
  return runIsolated(work, settings, { cancel: new AbortController().signal, onProgress: () => {} });
}

function failure(result: CaseResult): string {
  return result.state === 'measured' ? 'measured' : `${result.state} ${result.reason.code}: ${result.reason.message}`;
}

for (const version of ['1.20.0', '1.25.0']) {
  test(`${version}: a sound run says where its nodes ran and that its outputs are right`, async () => {
    const result = await scripted({ VERSION: version });
    assert.is(failure(result), 'measured');
    const { placement, verification } = result.evidence!;
    assert.equal([placement?.source, placement?.nodeShare, placement?.timeShare], ['profile', 1, 1]);
    assert.is(verification.state, 'agrees');
  });
}

test('device memory: both latencies', async () => {
  const result = await scripted({ VERSION: '1.20.0' });
  assert.is(result.evidence?.deviceMemory, 'Cuda');
  assert.ok(result.state === 'measured' && result.measurement.hostSamplesNs!.length >= 20);
});

test("times by the device's own clock, of another session", async () => {
  const result = await scripted({ VERSION: '1.20.0' });
  assert.ok(result.state === 'measured');
  const { deviceSamplesNs } = result.measurement;
  assert.ok(deviceSamplesNs!.length >= 20 && deviceSamplesNs!.every((ns) => ns === 3e6));
});

test('without a device of the driver there are no such times; with one that fails there is a warning', async () => {
  const absent = await scripted({ VERSION: '1.20.0' }, {}, 'no-init');
  assert.ok(absent.state === 'measured' && absent.measurement.deviceSamplesNs === undefined);
  assert.equal(absent.warnings, []);
  const lost = await scripted({ VERSION: '1.20.0' }, {}, 'lost');
  assert.ok(lost.state === 'measured' && lost.measurement.deviceSamplesNs === undefined);
  assert.is(lost.warnings[0]?.code, 'device-events');
  assert.match(lost.warnings[0]!.message, /the CUDA driver reports CUDA_ERROR_LAUNCH_FAILED/);
});

for (const version of ['1.20.0', '1.25.0']) {
  test(`${version}: a provider that ran nothing`, async () => {
    const result = await scripted({ VERSION: version, RAN: 'CPUExecutionProvider' });
    assert.is(failure(result), 'failed provider-unused: cuda ran no node: all went to CPUExecutionProvider');
    assert.is(result.evidence?.placement?.nodeShare, 0);
  });
}

const faults: [string, string, RegExp][] = [
  [
    'another CUDA version',
    'append 1 Failed to load library x.so with error: libcublasLt.so.12: cannot open shared object file: No such file',
    /^failed provider-library: cuda: libcublasLt\.so\.12 is needed and was not found; install the CUDA runtime/,
  ],
  [
    'no cuDNN',
    'append 1 Failed to load library x.so with error: libcudnn.so.9: cannot open shared object file: No such file',
    /^failed provider-library: cuda: libcudnn\.so\.9 is needed and was not found; install cuDNN 9/,
  ],
  [
    'device out of range',
    'append 2 Invalid device ID: 3, must be between 0 (inclusive) and 1 (exclusive).',
    /^failed device-out-of-range: cuda: device_id=3 is out of range: there is 1 device;/,
  ],
  [
    'out of device memory while the session is made',
    'create 6 CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc',
    /^failed device-memory: cuda: the device ran out of memory/,
  ],
  [
    'out of device memory while it runs',
    'run 6 BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 1073741824',
    /^failed device-memory:/,
  ],
  [
    'an abort',
    'create abort',
    /^failed crash: the process crashed \(SIGABRT\) while opening the session; it said: fake provider: lost the device/,
  ],
  ['wrong numbers', 'run wrong', /^failed wrong-output: numerically wrong: output 'y' is off by .* more than 2e-2/],
];
for (const [label, fault, expected] of faults) {
  test(label, async () => {
    const result = await scripted({ VERSION: '1.20.0', FAULT: fault });
    assert.match(failure(result), expected);
  });
}

test('a process that dies after its samples loses none: the numbers stand, with a warning', async () => {
  const result = await scripted({ VERSION: '1.20.0' }, {}, 'crash');
  assert.is(failure(result), 'measured');
  assert.ok(result.state === 'measured' && result.measurement.samplesNs.length >= 5);
  assert.is(result.evidence?.placement?.nodeShare, 1);
  assert.is(result.warnings[0]?.code, 'ended-early');
  assert.match(
    result.warnings[0]!.message,
    /^The samples are whole, but then the process crashed \(SIGABRT\) while finishing/,
  );
});

test('before its evidence is there, the samples are kept and prove nothing', async () => {
  const result = await scripted({ VERSION: '1.20.0', FAULT: 'profile abort' });
  assert.match(failure(result), /^failed crash: the process crashed \(SIGABRT\) while finishing/);
  assert.ok(result.state === 'failed' && result.partial!.samplesNs.length >= 5);
});

test('a hang at compile ends by the time limit of the case', async () => {
  const result = await scripted({ VERSION: '1.20.0', FAULT: 'create hang' }, { caseTimeoutMs: 15_000 });
  assert.match(
    failure(result),
    /^failed case-timeout: no result after 15 s \(--case-timeout\), it was opening the session/,
  );
});

test('--no-verify measures wrong numbers, and says that nobody looked', async () => {
  const result = await scripted({ VERSION: '1.20.0', FAULT: 'run wrong' }, { verify: false });
  assert.is(failure(result), 'measured');
  assert.equal(result.evidence?.verification, { state: 'off' });
});

test.run();
