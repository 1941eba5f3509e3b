import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import bert from '../../models/encoder-only/bert.js';
import * as g from '../../src/graph/index.js';
import { elementCount } from '../../src/util/tensor.js';
import type { WeightSpec } from '../../src/util/weight.js';
import { assertGolden } from '../support/golden.js';

const onnx = suite('onnx');
let folder: string;
onnx.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hfbench-onnx-'));
});
onnx.after(() => rmSync(folder, { recursive: true }));

/** Cheap values for large weights: -0.03 to 0.03. */
const value = (index: number): number => Math.fround(((index % 7) - 3) / 100);
const store = ({ shape }: WeightSpec): Uint8Array => {
  const values = new Float32Array(elementCount(shape));
  for (let index = 0; index < values.length; index++) values[index] = value(index);
  return new Uint8Array(values.buffer);
};

function small(width: number): g.Graph {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['batch', width]);
  graph.output('y', g.relu(g.matmul(x, graph.parameter('layer.weight', [width, width]))));
  return graph;
}

onnx('a graph as text', () => {
  assertGolden('graph/bert-tiny.txt', g.printGraph(buildModel(bert, bert.tiny).graph));
  assertGolden('graph/bert-tiny-fused.txt', g.printGraph(buildModel(bert, bert.tiny, { style: 'fused' }).graph));
});

onnx('what is written is read back: names, operators, weights outside', () => {
  const model = g.decodeModel(g.encodeModel(small(4), 'small'));
  assert.equal(
    [...g.countOperators(model.graph)],
    [
      ['MatMul', 1],
      ['Relu', 1],
      ['Identity', 1],
    ],
  );
  assert.is(model.opsetImport[0].version, 20);
  const [weight] = model.graph.initializer!;
  assert.is(weight.name, 'layer.weight');
  assert.is(weight.dataLocation, 1);
  assert.equal(weight.externalData, [
    { key: 'location', value: 'memory' },
    { key: 'offset', value: '0' },
    { key: 'length', value: '64' },
  ]);
});

onnx('bytes that are no model are refused', () => {
  assert.throws(() => g.decodeModel(new TextEncoder().encode('hello, this is no model')), /not an ONNX model/);
  assert.throws(() => g.decodeModel(new Uint8Array(0)), /holds no graph/);
  const bytes = g.encodeModel(small(4), 'small');
  assert.throws(() => g.decodeModel(bytes.subarray(0, bytes.length - 3)), /not an ONNX model/);
});

for (const [what, width, files] of [
  ['inside the file', 8, 1],
  ['in a file beside it where they are large', 4500, 2],
] as const) {
  onnx(`weights ${what}: ONNX Runtime computes the same`, async () => {
    const path = join(folder, `m${width}.onnx`);
    const written = g.writeModelFile(small(width), path, store);
    assert.is(written.dataPath !== null, files === 2);
    assert.is(readdirSync(folder).filter((name) => name.startsWith(`m${width}.`)).length, files);
    assert.ok(written.bytes >= width * width * 4);
    const session = await ort.InferenceSession.create(path);
    const x = Float32Array.from({ length: width }, (_, index) => value(index + 1));
    const { y } = await session.run({ x: new ort.Tensor('float32', x, [1, width]) });
    for (const column of [0, 1, width - 1]) {
      const sum = x.reduce((total, item, row) => total + item * value(row * width + column), 0);
      assert.ok(Math.abs((y.data as Float32Array)[column] - Math.max(0, sum)) < 1e-4, `column ${column}`);
    }
    await session.release();
  });
}

onnx('a failed write leaves the older file as it was', () => {
  const path = join(folder, 'kept.onnx');
  g.writeModelFile(small(4), path, store);
  const before = readFileSync(path);
  assert.throws(() =>
    g.writeModelFile(small(8), path, () => {
      throw new Error('no space left');
    }),
  );
  assert.equal(readFileSync(path), before);
  assert.not.ok(statSync(`${path}.part`, { throwIfNoEntry: false }));
});

onnx.run();
