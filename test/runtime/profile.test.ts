import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readProfile } from '../../src/runtime/profile.js';

const run = (ts: number, dur: number) => ({ cat: 'Session', name: 'model_run', ts, dur, args: {} });
const node = (name: string, op: string, provider: string, ts: number, dur: number) => ({
  cat: 'Node',
  name: `${name}_kernel_time`,
  ts,
  dur,
  args: { op_name: op, provider },
});
const read = (...events: unknown[]) => readProfile(JSON.stringify(events), 'p.json');

test('nodes belong to the run in whose time they began', () => {
  const runs = read(
    node('init', 'Add', 'CPUExecutionProvider', 1, 1),
    run(10, 10),
    node('a', 'MatMul', 'XExecutionProvider', 11, 4),
    run(30, 10),
    node('a', 'MatMul', 'XExecutionProvider', 31, 2),
    node('b', 'Add', 'CPUExecutionProvider', 35, 1),
  );
  assert.equal(
    runs.map((nodes) => nodes.map(({ name, durationNs }) => [name, durationNs])),
    [
      [['a', 4000]],
      [
        ['a', 2000],
        ['b', 1000],
      ],
    ],
  );
});

test('the time on the device counts where the provider tells it', () => {
  const api = (name: string, dur: number) => ({ cat: 'Api', name, ts: 5000, dur, args: {} });
  const [nodes] = read(
    run(0, 100),
    node('m', 'MatMul', 'WebGpuExecutionProvider', 1, 2),
    node('r', 'Reshape', 'WebGpuExecutionProvider', 3, 1),
    api('m&MatMul&MatMulPacked', 40),
    api('m&MatMul&Transpose', 5),
  );
  assert.equal(
    nodes!.map(({ durationNs }) => durationNs),
    [45_000, 1000],
  );
});

test('events that are none are passed over; what is no list is refused', () => {
  assert.equal(read(null, 1, 'x', {}, { cat: 'Node', name: 'a_kernel_time' }), []);
  assert.throws(() => readProfile('{"a":1}', 'p.json'), /p\.json: no profile of ONNX Runtime: expected a list/);
  assert.throws(() => readProfile('[{', 'p.json'), /p\.json: no profile/);
});

test.run();
