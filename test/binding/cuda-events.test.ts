// Runs timed by the device, on a scripted CUDA driver (three milliseconds from event to event) and a scripted ONNX Runtime.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath, loadAddon, type ProviderChoice } from '../../binding/index.js';
import { errorOf, floats, withSession } from '../support/ort.js';

const built = dirname(addonPath());
process.env.HFBENCH_CUDA = join(built, 'fake_cuda.library');
process.env.HFBENCH_FAKE_ORT_VERSION = '1.20.0';
process.env.HFBENCH_FAKE_ORT_MODE = '';

const test = suite('CUDA events');
const folder = mkdtempSync(join(tmpdir(), 'hfbench-events-'));
const path = join(folder, 'fake.library');
copyFileSync(join(built, 'fake_ort.library'), path);
const library = loadAddon().openLibrary(path);
test.after(() => rmSync(folder, { recursive: true }));
test.before.each(() => {
  process.env.HFBENCH_FAKE_CUDA = '';
  loadAddon().openLibrary(path); // empties what was asked
});

const asked = () => loadAddon().openLibrary(path).buildInfo.split('; ').slice(1);
const cuda: ProviderChoice = { route: 'cuda', name: 'CUDA', options: { device_id: '0' } };
const config = { modelBytes: new TextEncoder().encode('fake'), outputMemory: { name: 'Cuda', device: 0 } };
const ones = [floats('x', [1, 2], [1, 2])];

test('runs are queued between two events and last what the device says', async () => {
  await withSession(library, { ...config, providers: [cuda], deviceEvents: true }, async (session) => {
    await session.bind(ones);
    assert.match(asked().join('; '), /CUDA device_id=0 has_user_compute_stream=1 user_compute_stream=\d+/);
    const block = await session.sampleOnDevice(4);
    assert.equal([...block!.durationsNs], [3e6, 3e6, 3e6, 3e6]);
    assert.ok(block!.wallNs > 0);
    // Told to return when queued, and to wait again afterwards; nothing waits for the outputs meanwhile.
    assert.equal(asked(), [
      'run disable_synchronize_execution_providers=1',
      ...['run', 'run', 'run', 'run'],
      'run disable_synchronize_execution_providers=0',
    ]);
    await session.sample(2);
    assert.equal(asked(), ['run', 'outputs there', 'run', 'outputs there']);
  });
});

test('both providers of TensorRT compute in the same stream', async () => {
  const tensorrt: ProviderChoice = { route: 'tensorrt', name: 'TensorRT', options: {} };
  await withSession(library, { ...config, providers: [tensorrt, cuda], deviceEvents: true }, async () => {});
  const streams = [
    ...asked()
      .join('; ')
      .matchAll(/user_compute_stream=(\d{2,})/g),
  ].map(([, address]) => address);
  assert.is(streams.length, 2);
  assert.is(streams[0], streams[1]);
});

test('a session that was not asked for events, and one without CUDA, has none', async () => {
  for (const changes of [{ providers: [cuda] }, { providers: [], deviceEvents: true }]) {
    await withSession(library, { ...config, ...changes }, async (session) => {
      await session.bind(ones);
      assert.is(await session.sampleOnDevice(1), null);
    });
    assert.not.match(asked().join('; '), /user_compute_stream/);
  }
});

for (const mode of ['no-device', 'no-context', 'no-stream']) {
  test(`${mode}: the session opens and runs as without events`, async () => {
    process.env.HFBENCH_FAKE_CUDA = mode;
    await withSession(library, { ...config, providers: [cuda], deviceEvents: true }, async (session) => {
      await session.bind(ones);
      assert.is(await session.sampleOnDevice(1), null);
      assert.is((await session.sample(2)).durationsNs.length, 2);
    });
    assert.not.match(asked().join('; '), /user_compute_stream/);
  });
}

test('a device of another number has no stream', async () => {
  const other = { ...cuda, options: { device_id: '7' } };
  await withSession(library, { ...config, providers: [other], deviceEvents: true }, async (session) => {
    await session.bind(ones);
    assert.is(await session.sampleOnDevice(1), null);
  });
});

test('errors of the driver and of the run say what they are, and the session still runs', async () => {
  await withSession(library, { ...config, providers: [cuda], deviceEvents: true }, async (session) => {
    assert.match((await errorOf(() => session.sampleOnDevice(1))).message, /bind the inputs/);
    await session.bind(ones);
    process.env.HFBENCH_FAKE_CUDA = 'lost';
    const lost = await errorOf(() => session.sampleOnDevice(3));
    assert.is(lost.message, 'events of the device: the CUDA driver reports CUDA_ERROR_LAUNCH_FAILED');
    process.env.HFBENCH_FAKE_CUDA = '';
    process.env.HFBENCH_FAKE_ORT_MODE = 'run';
    assert.match((await errorOf(() => session.sampleOnDevice(3))).message, /the device fell off/);
    process.env.HFBENCH_FAKE_ORT_MODE = '';
    assert.is((await session.sampleOnDevice(2))!.durationsNs.length, 2);
    assert.ok(asked().includes('run disable_synchronize_execution_providers=0'));
  });
});

test.run();
