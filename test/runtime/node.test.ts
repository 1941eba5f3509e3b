// onnxruntime-node through the Session interface: what it computes, what it refuses.

import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeRuntime } from '../../src/runtime/node.js';
import { OrtError, type SessionRequest } from '../../src/runtime/session.js';
import { FAKE } from '../support/cli.js';

const runtime = await nodeRuntime();

const request = (path: string): SessionRequest => ({
  source: { kind: 'file', path },
  provider: 'cpu',
  providerOptions: {},
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions: {},
});

const ones = new Uint8Array(new Float32Array(60).fill(1.5).buffer);
const feeds = {
  x: { dtype: 'float32' as const, shape: [3, 4, 5], data: ones },
  y: { dtype: 'float32' as const, shape: [3, 4, 5], data: ones },
};

test('tells what it is', () => {
  assert.is(runtime.info.name, 'node');
  assert.match(runtime.info.ortVersion, /^\d+\.\d+\.\d+/);
  assert.ok(runtime.info.providers.includes('cpu'));
  assert.ok(runtime.info.clock.readNs >= 0 && runtime.info.clock.resolutionNs > 0);
});

test('a session: signature, run, outputs, samples', async () => {
  const session = await runtime.open(request(join(FAKE, 'add.onnx')));
  assert.equal(session.inputs, [
    { name: 'x', dtype: 'float32', shape: [3, 4, 5] },
    { name: 'y', dtype: 'float32', shape: [3, 4, 5] },
  ]);
  assert.ok(session.openTimes.sessionCreateNs > 0);
  assert.is(session.openTimes.weightFillNs, null);
  await session.bind(feeds);
  assert.ok((await session.runOnce()) > 0);
  const { sum } = await session.readOutputs();
  assert.equal(sum!.shape, [3, 4, 5]);
  assert.equal([...new Float32Array(sum!.data.buffer)], Array(60).fill(3));
  for (const streams of [1, 3]) {
    const block = await session.sample(20, streams);
    assert.is(block.durationsNs.length, 20);
    assert.ok(block.durationsNs.every((ns) => ns > 0));
    assert.ok(block.wallNs > 0);
  }
  await session.close();
});

test('a cancel ends the block in progress', async () => {
  const session = await runtime.open(request(join(FAKE, 'add.onnx')));
  await session.bind(feeds);
  setTimeout(() => session.cancel(), 20);
  const block = await session.sample(10_000_000);
  assert.ok(block.durationsNs.length > 0 && block.durationsNs.length < 10_000_000);
  await session.close();
});

test('errors of ONNX Runtime are OrtErrors', async () => {
  try {
    await runtime.open(request(join(FAKE, 'script.json')));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, OrtError);
    assert.is((error as OrtError).code, 'INVALID_PROTOBUF');
  }
  const session = await runtime.open(request(join(FAKE, 'add.onnx')));
  await session.bind({ ...feeds, x: { ...feeds.x, shape: [4, 3, 5] } });
  try {
    await session.runOnce();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, OrtError);
  }
  await session.close();
});

test.run();
