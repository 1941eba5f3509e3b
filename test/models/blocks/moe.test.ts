// Experts that no token is sent to are not computed: counted in the profile that ONNX Runtime writes of a run.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linear } from '../../../models/blocks/linear.js';
import { mixture } from '../../../models/blocks/moe.js';
import { buildModel } from '../../../models/build.js';
import page from '../../../models/decoder-only/mixtral.js';
import { Graph, mul } from '../../../src/graph/index.js';
import { encodeModel } from '../../../src/graph/onnx/encode.js';
import { uniform } from '../../../src/util/fill.js';
import { readFixture, weightBytes } from '../../support/fixture.js';

const [COUNT, WIDTH] = [6, 4];
const folder = mkdtempSync(join(tmpdir(), 'hfbench-moe-'));

/** Runs a model once: its outputs, and how often each node ran. */
async function profiled(bytes: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const profileFilePrefix = join(folder, `${readdirSync(folder).length}`);
  const session = await ort.InferenceSession.create(bytes, {
    enableProfiling: true,
    profileFilePrefix,
    logSeverityLevel: 3,
  });
  const outputs = await session.run(feeds);
  session.endProfiling();
  const file = readdirSync(folder).find((name) => join(folder, name).startsWith(profileFilePrefix))!;
  const events: { cat: string; name: string }[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  await session.release();
  const runs = new Map<string, number>();
  for (const { cat, name } of events) {
    const node = /^(.*)_kernel_time$/.exec(name)?.[1];
    if (cat === 'Node' && node) runs.set(node, (runs.get(node) ?? 0) + 1);
  }
  return { outputs, runs };
}

/** Numbers of the experts whose product ran, in order, each as often as it ran. */
const expertsRun = (runs: Map<string, number>, path: RegExp): number[] =>
  [...runs]
    .flatMap(([node, times]) => Array<number>(times).fill(Number(path.exec(node)?.[1] ?? -1)))
    .filter((index) => index >= 0)
    .sort((a, b) => a - b);

function build(rest: boolean): { bytes: Uint8Array; weight: (index: number) => Float32Array } {
  const g = new Graph();
  const x = g.input('x', 'float32', ['batch', 'seq', WIDTH]);
  const experts = g.input('experts', 'int64', ['batch*seq', 2]);
  const weights = g.input('weights', 'float32', ['batch*seq', 2]);
  const options = {
    count: COUNT,
    expert: (index: number, rows: typeof x) => linear(g.at(`experts.${index}`), rows, WIDTH, { bias: false }),
    ...(rest ? { rest: (rows: typeof x) => mul(rows, 10) } : {}),
  };
  g.output('y', mixture(x, { experts, weights }, options));
  const values = (name: string) => uniform(name, WIDTH * WIDTH, 0, 1);
  return {
    bytes: encodeModel(g, 'moe', ({ name }) => ({ bytes: new Uint8Array(values(name).buffer) })),
    weight: (index) => values(`experts.${index}.weight`), // stored [in, out]
  };
}

const choice = [4, 1, 1, 4, 2, 4]; // of three tokens, two each
const shares = Float32Array.of(0.5, 0.25, 1, 2, -1, 3);

/** What the mixture must give, row by row. */
function expected(x: Float32Array, experts: number[], weight: (index: number) => Float32Array): number[] {
  const y = Array(x.length).fill(0);
  experts.forEach((expert, pair) => {
    const row = Math.trunc(pair / 2) * WIDTH;
    for (let out = 0; out < WIDTH; out++) {
      let sum = expert === COUNT ? 10 * x[row + out] : 0;
      if (expert < COUNT) for (let i = 0; i < WIDTH; i++) sum += x[row + i] * weight(expert)[i * WIDTH + out];
      y[row + out] += shares[pair] * sum;
    }
  });
  return y;
}

const moe = suite('mixture of experts');
moe.after(() => rmSync(folder, { recursive: true }));

for (const { name, experts, rest } of [
  { name: 'experts without tokens run nothing, the others once', experts: choice, rest: false },
  { name: 'rows that are routed to nobody become the rest', experts: [4, COUNT, 1, 4, COUNT, COUNT], rest: true },
  { name: 'all rows at one expert', experts: Array(6).fill(5), rest: false },
]) {
  moe(name, async () => {
    const { bytes, weight } = build(rest);
    const x = uniform('x', 3 * WIDTH, 0, 1);
    const { outputs, runs } = await profiled(bytes, {
      x: new ort.Tensor('float32', x, [1, 3, WIDTH]),
      experts: new ort.Tensor('int64', BigInt64Array.from(experts, BigInt), [3, 2]),
      weights: new ort.Tensor('float32', shares, [3, 2]),
    });
    const busy = [...new Set(experts)].filter((index) => index < COUNT).sort((a, b) => a - b);
    assert.equal(expertsRun(runs, /^experts\.(\d+)\/MatMul/), busy);
    const y = outputs.y.data as Float32Array;
    expected(x, experts, weight).forEach((value, i) => {
      assert.ok(Math.abs(y[i] - value) < 1e-5, `y[${i}] is ${y[i]}, not ${value}`);
    });
  });
}

moe('one token of mixtral runs two experts a layer', async () => {
  const fixture = readFixture('mixtral');
  const { graph } = buildModel(page, fixture.config);
  const weights = weightBytes(graph, fixture);
  const bytes = encodeModel(graph, 'mixtral', ({ name }) => ({ bytes: weights.get(name)! }));
  const one = (value: bigint) => new ort.Tensor('int64', BigInt64Array.of(value), [1, 1]);
  const { runs } = await profiled(bytes, { input_ids: one(7n), attention_mask: one(1n) });
  const layers = fixture.config.num_hidden_layers as number;
  for (const part of ['w1', 'w2', 'w3']) {
    const ran = expertsRun(runs, new RegExp(`experts\\.(\\d+)\\.${part}/MatMul`));
    assert.is(ran.length, layers * (fixture.config.num_experts_per_tok as number), part);
  }
});

moe.run();
