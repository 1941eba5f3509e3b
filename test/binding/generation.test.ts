// Generations: every run takes the states that the one before gave. The model remembers all that it was fed ('past') and
// its sum ('sum'), so its outputs say what came through.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NativeGeneration, NativeSession } from '../../binding/index.js';
import { onnxModel } from '../support/onnx.js';
import { errorOf, floats, packagedLibrary, sessionConfig, toFloats, withSession } from '../support/ort.js';

const library = packagedLibrary();
const test = suite('generation');

const memory = onnxModel({
  nodes: [
    { op: 'Concat', inputs: ['past', 'x'], outputs: ['present'], attributes: { axis: 0 } },
    { op: 'ReduceSum', inputs: ['x'], outputs: ['new'] },
    { op: 'Add', inputs: ['sum', 'new'], outputs: ['total'] },
    { op: 'Mul', inputs: ['present', 'mask'], outputs: ['y'] },
  ],
  inputs: [
    ['x', 'float32', ['n']],
    ['mask', 'float32', ['m']],
    ['past', 'float32', ['p']],
    ['sum', 'float32', [1]],
  ],
  outputs: [
    ['y', 'float32', ['m']],
    ['present', 'float32', ['m']],
    ['total', 'float32', [1]],
  ],
});

const START = [
  floats('x', [2], [1, 2]),
  floats('mask', [2], [1, 1]),
  floats('past', [0], []),
  floats('sum', [1], [100]),
];

/** Feeds 3, 4, ... after the first run; the mask hides nothing. */
function plan(runs: number, changes: Partial<NativeGeneration> = {}): NativeGeneration {
  const count = Math.max(1, runs - 1);
  const next = Array.from({ length: count }, (_, i) => i + 3);
  return {
    runs,
    states: [
      { output: 'present', input: 'past' },
      { output: 'total', input: 'sum' },
    ],
    steps: [
      { ...floats('x', [1], next), grows: null, stride: 1 },
      { ...floats('mask', [3], new Array(count + 2).fill(1)), grows: 0, stride: 0 },
    ],
    ...changes,
  };
}

const values = async (session: NativeSession) =>
  Object.fromEntries((await session.readOutputs()).map(({ name, data }) => [name, toFloats(data)]));

test('states go from run to run, and only they', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    await session.bind(START);
    const { durationsNs, wallNs, cpuNs, cacheBytes } = await session.generate(plan(4));
    assert.is(durationsNs.length, 4);
    assert.ok(durationsNs.every((ns) => ns > 0));
    assert.ok(wallNs >= durationsNs.reduce((sum, ns) => sum + ns, 0) && cpuNs >= 0);
    assert.is(cacheBytes, (5 + 1) * 4);
    assert.equal(await values(session), { y: [1, 2, 3, 4, 5], present: [1, 2, 3, 4, 5], total: [115] });
  });
});

test('a generation of one run, the same again, then more: each begins with the bound inputs', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    await session.bind(START);
    for (const [runs, total] of [
      [1, 103],
      [1, 103],
      [3, 110],
      [2, 106],
    ] as const) {
      await session.generate(plan(runs));
      assert.equal((await values(session)).total, [total]);
    }
    await session.runOnce();
    assert.equal((await values(session)).present, [1, 2]);
    assert.is((await session.sample(3)).durationsNs.length, 3);
    assert.equal((await values(session)).present, [1, 2]);
  });
});

test('a stride of more than one step leaves values out', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    await session.bind(START);
    const [x, mask] = plan(3).steps;
    await session.generate(plan(3, { steps: [{ ...x!, ...floats('x', [1], [3, 0, 0, 7]), stride: 3 }, mask!] }));
    assert.equal((await values(session)).present, [1, 2, 3, 7]);
  });
});

test('a long generation keeps no state behind', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    await session.bind(START);
    for (let i = 0; i < 50; i++) await session.generate(plan(200));
    const before = Number((await session.allocatorStats()).InUse);
    for (let i = 0; i < 200; i++) await session.generate(plan(200));
    assert.is(Number((await session.allocatorStats()).InUse), before);
  });
});

test('a cancelled generation keeps the runs that were made', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    await session.bind(START);
    const running = session.generate(plan(100_000));
    session.cancel();
    const { durationsNs, cacheBytes } = await running;
    assert.ok(durationsNs.length < 100_000);
    if (durationsNs.length > 0) assert.is(cacheBytes, (durationsNs.length + 2) * 4);
    await session.generate(plan(2));
    assert.equal((await values(session)).total, [106]);
  });
});

test('values of another session are bound as they lie', async () => {
  const config = { ...sessionConfig, modelBytes: memory };
  const [a, b] = await Promise.all([library.openSession(config), library.openSession(config)]);
  try {
    await a.bind(START);
    assert.match((await errorOf(() => b.bind([], { session: a, links: [] }))).message, /run the session before/);
    await a.runOnce();
    const links = [
      { output: 'y', input: 'x' },
      { output: 'total', input: 'sum' },
    ];
    await b.bind([floats('past', [0], []), floats('mask', [2], [1, 1])], { session: a, links });
    const { cacheBytes } = await b.generate(plan(3));
    assert.equal((await values(b)).present, [1, 2, 3, 4]);
    assert.equal((await values(b)).total, [113]);
    // Two states, and the x and sum that came from the other session.
    assert.is(cacheBytes, (4 + 1 + 2 + 1) * 4);
    // No copy: what the other session writes there next is what this one reads.
    await a.sample(2);
    await b.runOnce();
    assert.equal((await values(b)).present, [1, 2]);
    await a.close();
    await b.runOnce();
    assert.equal((await values(b)).total, [106]);
    assert.match((await errorOf(() => b.bind([], { session: a, links }))).message, /closed/);
    assert.match((await errorOf(() => b.bind([], { session: b, links }))).message, /another session/);
    const stranger = {} as NativeSession;
    assert.match((await errorOf(() => b.bind([], { session: stranger, links }))).message, /must be a session/);
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
});

test('plans that do not fit are refused by name, and the session goes on', async () => {
  await withSession(library, { modelBytes: memory }, async (session) => {
    const [x, mask] = plan(3).steps as [NativeGeneration['steps'][0], NativeGeneration['steps'][0]];
    const state = (output: string, input: string) => ({ states: [{ output, input }] });
    assert.match((await errorOf(() => session.generate(plan(2)))).message, /bind the inputs/);
    await session.bind(START);
    const cases: [NativeGeneration, RegExp][] = [
      [plan(0), /generate: plan.runs must be a whole number from 1/],
      [plan(1.5), /plan.runs/],
      [plan(3, state('nothing', 'past')), /no output 'nothing'/],
      [plan(3, state('present', 'nothing')), /no input 'nothing'/],
      [plan(3, { states: [...plan(3).states, { output: 'y', input: 'past' }] }), /'past' is named twice/],
      [plan(3, state('present', 'x')), /'x' is named twice/],
      [plan(3, { steps: [{ ...x, name: 'z' }, mask] }), /no input 'z'/],
      [plan(3, { steps: [{ ...x, dtype: 'int32' }, mask] }), /another type/],
      [plan(3, { steps: [{ ...x, dtype: 'string' }, mask] }), /fixed size/],
      [plan(3, { steps: [{ ...x, grows: 1 }, mask] }), /an axis that they do not have/],
      [plan(3, { steps: [{ ...x, stride: 2 }, mask] }), /fewer values/],
      [plan(3, { steps: [x, { ...mask, shape: [4] }] }), /fewer values/],
      [plan(3, { steps: [{ ...x, stride: Number.MAX_SAFE_INTEGER }, mask] }), /fewer values/],
      [{ ...plan(3), states: null as never }, /plan.states must be an array/],
    ];
    for (const [wrong, message] of cases) {
      const error = await errorOf(() => session.generate(wrong));
      assert.match(error.message, message);
      assert.not(error.message.includes('\n'));
    }
    // A state that becomes an input of another shape: ONNX Runtime finds out in the second run.
    const error = await errorOf(() => session.generate(plan(3, { ...state('present', 'sum') })));
    assert.is(error.ortCode, 'INVALID_ARGUMENT');
    await session.generate(plan(3));
    assert.equal((await values(session)).total, [110]);
  });
});

test('an input of the plan that is not bound', async () => {
  const modelBytes = onnxModel({
    nodes: [{ op: 'Concat', inputs: ['past', 'x'], outputs: ['present'], attributes: { axis: 0 } }],
    inputs: [
      ['past', 'float32', ['p']],
      ['x', 'float32', ['n']],
    ],
    outputs: [['present', 'float32', ['m']]],
  });
  await withSession(library, { modelBytes }, async (session) => {
    await session.bind([floats('x', [1], [1])]);
    const states = [{ output: 'present', input: 'past' }];
    const error = await errorOf(() => session.generate({ runs: 2, states, steps: [] }));
    assert.match(error.message, /'past' has no value in the first run/);
  });
});

test.run();
