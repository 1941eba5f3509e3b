// Recurrences against the same written as loops in double precision: any length, and a state to begin with.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linearRecurrence } from '../../../models/blocks/linear-recurrence.js';
import { selectiveScan } from '../../../models/blocks/selective-scan.js';
import { stateSpaceDual } from '../../../models/blocks/state-space-dual.js';
import { weightedAverage } from '../../../models/blocks/wkv.js';
import { Graph } from '../../../src/graph/index.js';
import { uniform } from '../../../src/util/fill.js';
import { runGraph, type Values } from '../../support/run-graph.js';

const recurrence = suite('recurrences');
const BATCH = 2;

const random = (name: string, shape: number[], center = 0, scale = 1): Values => ({
  data: uniform(
    name,
    shape.reduce((product, size) => product * size, 1),
    center,
    scale,
  ),
  shape,
});

/** The value at these places. */
const at = ({ data, shape }: Values, ...places: number[]): number =>
  data[places.reduce((sum, place, axis) => sum * shape[axis] + place, 0)];

function assertNear(found: { data: number[] }, expected: number[], limit = 1e-5): void {
  assert.is(found.data.length, expected.length);
  let [difference, norm] = [0, 0];
  expected.forEach((value, index) => {
    difference += (found.data[index] - value) ** 2;
    norm += value ** 2;
  });
  assert.ok(Math.sqrt(difference / norm) <= limit, `relative error ${Math.sqrt(difference / norm)}`);
}

for (const seq of [1, 3, 4, 5, 11]) {
  recurrence(`the chunked form is the recurrence: ${seq} tokens in chunks of 4`, async () => {
    const [heads, width, groups, states] = [6, 3, 2, 5];
    const feeds = {
      x: random('x', [BATCH, seq, heads, width]),
      step: random('step', [BATCH, seq, heads], 1, 0.9),
      rate: random('rate', [heads], -2, 1.9),
      b: random('b', [BATCH, seq, groups, states]),
      c: random('c', [BATCH, seq, groups, states]),
      start: random('start', [BATCH, heads, states, width]),
    };
    const g = new Graph();
    const dims = { x: ['batch', 'seq', heads, width], step: ['batch', 'seq', heads], rate: [heads] };
    const shared = ['batch', 'seq', groups, states];
    const { y, last } = stateSpaceDual({
      x: g.input('x', 'float32', dims.x),
      step: g.input('step', 'float32', dims.step),
      rate: g.input('rate', 'float32', dims.rate),
      b: g.input('b', 'float32', shared),
      c: g.input('c', 'float32', shared),
      start: g.input('start', 'float32', ['batch', heads, states, width]),
      chunk: 4,
    });
    g.output('y', y);
    g.output('last', last);
    const found = await runGraph(g, feeds);
    assert.equal(found.y.shape, [BATCH, seq, heads, width]);
    const h = Array.from(feeds.start.data);
    const outputs = new Array(BATCH * seq * heads * width).fill(0);
    for (let n = 0; n < BATCH; n++)
      for (let t = 0; t < seq; t++)
        for (let head = 0; head < heads; head++) {
          const group = Math.floor(head / (heads / groups));
          const dt = at(feeds.step, n, t, head);
          for (let s = 0; s < states; s++)
            for (let p = 0; p < width; p++) {
              const place = ((n * heads + head) * states + s) * width + p;
              h[place] =
                Math.exp(dt * at(feeds.rate, head)) * h[place] +
                dt * at(feeds.x, n, t, head, p) * at(feeds.b, n, t, group, s);
              outputs[((n * seq + t) * heads + head) * width + p] += h[place] * at(feeds.c, n, t, group, s);
            }
        }
    assertNear(found.y, outputs);
    assertNear(found.last, h);
  });
}

recurrence('the selective scan, with heads', async () => {
  const [seq, heads, width, states] = [7, 2, 3, 4];
  const feeds = {
    u: random('u', [BATCH, seq, heads, width]),
    step: random('step', [BATCH, seq, heads, width], 1, 0.9),
    logA: random('logA', [heads, width, states]),
    b: random('b', [BATCH, seq, heads, states]),
    c: random('c', [BATCH, seq, heads, states]),
    start: random('start', [BATCH, heads, states, width]),
  };
  const g = new Graph();
  const long = ['batch', 'seq', heads];
  const { y, last } = selectiveScan({
    u: g.input('u', 'float32', [...long, width]),
    step: g.input('step', 'float32', [...long, width]),
    logA: g.input('logA', 'float32', [heads, width, states]),
    b: g.input('b', 'float32', [...long, states]),
    c: g.input('c', 'float32', [...long, states]),
    start: g.input('start', 'float32', ['batch', heads, states, width]),
  });
  g.output('y', y);
  g.output('last', last);
  const found = await runGraph(g, feeds);
  const h = Array.from(feeds.start.data);
  const outputs = new Array(BATCH * seq * heads * width).fill(0);
  for (let n = 0; n < BATCH; n++)
    for (let t = 0; t < seq; t++)
      for (let head = 0; head < heads; head++)
        for (let p = 0; p < width; p++)
          for (let s = 0; s < states; s++) {
            const dt = at(feeds.step, n, t, head, p);
            const place = ((n * heads + head) * states + s) * width + p;
            h[place] =
              Math.exp(-Math.exp(at(feeds.logA, head, p, s)) * dt) * h[place] +
              dt * at(feeds.u, n, t, head, p) * at(feeds.b, n, t, head, s);
            outputs[((n * seq + t) * heads + head) * width + p] += h[place] * at(feeds.c, n, t, head, s);
          }
  assertNear(found.y, outputs);
  assertNear(found.last, h);
});

recurrence('the linear recurrence gives the states behind or before each step', async () => {
  const g = new Graph();
  const [a, x] = ['a', 'x'].map((name) => g.input(name, 'float32', ['batch', 'seq', 2]));
  const start = g.input('start', 'float32', ['batch', 2]);
  const behind = linearRecurrence(a, x, start);
  g.output('behind', behind.states);
  g.output('before', linearRecurrence(a, x, start, { before: true }).states);
  g.output('last', behind.last);
  const found = await runGraph(g, {
    a: { data: [0.5, 1, 0, 2], shape: [1, 2, 2] },
    x: { data: [1, 2, 3, 4], shape: [1, 2, 2] },
    start: { data: [8, 10], shape: [1, 2] },
  });
  assert.equal(found.behind.data, [5, 12, 3, 28]);
  assert.equal(found.before.data, [8, 10, 5, 12]);
  assert.equal(found.last.data, [3, 28]);
});

recurrence('weighted averages hold for keys whose exponentials overflow', async () => {
  const [seq, width] = [6, 3];
  const feeds = {
    key: random('key', [BATCH, seq, width], 0, 300),
    value: random('value', [BATCH, seq, width]),
    bonus: random('bonus', [width], 0, 5),
    decay: random('decay', [width], -3, 2),
    zero: { data: new Float32Array(BATCH * width), shape: [BATCH, width] },
  };
  const g = new Graph();
  const zero = g.input('zero', 'float32', ['batch', width]);
  const { average } = weightedAverage(
    g.input('key', 'float32', ['batch', 'seq', width]),
    g.input('value', 'float32', ['batch', 'seq', width]),
    g.input('bonus', 'float32', [width]),
    g.input('decay', 'float32', [width]),
    [zero, zero, zero],
  );
  g.output('average', average);
  const found = await runGraph(g, feeds);
  const expected: number[] = [];
  for (let n = 0; n < BATCH; n++)
    for (let t = 0; t < seq; t++)
      for (let p = 0; p < width; p++) {
        const logs = Array.from({ length: t + 1 }, (_, i) =>
          i === t
            ? at(feeds.key, n, t, p) + at(feeds.bonus, p)
            : at(feeds.key, n, i, p) + (t - 1 - i) * at(feeds.decay, p),
        );
        const top = Math.max(...logs);
        const weights = logs.map((log) => Math.exp(log - top));
        const sum = weights.reduce((a, b) => a + b);
        expected.push(weights.reduce((all, weight, i) => all + weight * at(feeds.value, n, i, p), 0) / sum);
      }
  assertNear(found.average, expected);
});
recurrence.run();
