import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as g from '../../src/graph/index.js';

const builder = suite('builder');

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    assert.instance(error, g.GraphError);
    return (error as Error).message;
  }
  throw new assert.Assertion({
    message: 'nothing was thrown',
    details: '',
    generated: false,
    operator: 'throws',
    expects: '',
    actual: '',
  });
};

builder('a mistake names both shapes and the line that made it', () => {
  const graph = new g.Graph();
  const a = graph.input('a', 'float32', ['batch', 8]);
  const b = graph.input('b', 'float32', [9, 3]);
  const text = message(() => g.matmul(a, b));
  assert.match(text, '[batch, 8]');
  assert.match(text, '[9, 3]');
  assert.match(text, /\(at test\/graph\/builder\.test\.(ts|js):\d+\)$/);
});

builder('types are checked as well as shapes', () => {
  const graph = new g.Graph();
  const a = graph.input('a', 'float32', [2]);
  const b = graph.input('b', 'int64', [2]);
  assert.match(
    message(() => g.add(a, b)),
    'differ in type',
  );
  assert.match(
    message(() => g.add(a, graph.input('c', 'float32', [3]))),
    'do not go together',
  );
  assert.match(
    message(() => g.concat([a, b], 0)),
    'Concat',
  );
  assert.match(
    message(() => g.reshape(a, [3])),
    'has 2 values',
  );
  assert.match(
    message(() => g.transpose(a, [1])),
    'Transpose',
  );
  assert.match(
    message(() => g.squeeze(a, 0)),
    'is not 1',
  );
  assert.match(
    message(() => graph.parameter('w', [1.5])),
    'whole numbers',
  );
});

builder('shapes follow through symbolic dimensions', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['batch', 'seq', 12]);
  const heads = g.transpose(g.reshape(x, ['batch', 'seq', 3, 4]), [0, 2, 1, 3]);
  assert.equal(heads.shape, ['batch', 3, 'seq', 4]);
  assert.equal(g.concat([heads, heads], 2).shape, ['batch', 3, '2*seq', 4]);
  assert.equal(
    g.slice(x, 1, 1).shape,
    ['batch', '-1 + seq', 12].map((dim) => (dim === '-1 + seq' ? g.dimAdd('seq', -1) : dim)),
  );
  assert.equal(g.reduceMean(x, [1], { keep: true }).shape, ['batch', 1, 12]);
  assert.equal(g.matmul(heads, g.swapAxes(heads, 2, 3)).shape, ['batch', 3, 'seq', 'seq']);
});

builder('equal nodes and constants are made once', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [4]);
  assert.is(g.mul(x, 2), g.mul(x, 2));
  assert.is.not(g.mul(x, 2), g.mul(x, 3));
  assert.is(graph.constants.size, 2);
});

builder('a parameter is one tensor; a second shape is refused', () => {
  const graph = new g.Graph();
  const scope = graph.at('model.embed');
  assert.is(scope.parameter('weight', [4, 2]), graph.parameter('model.embed.weight', [4, 2]));
  assert.match(
    message(() => scope.parameter('weight', [2, 4])),
    'model.embed.weight',
  );
});

builder('nodes carry the name of the layer whose parameter they use', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['batch', 4]);
  const y = g.add(g.matmul(x, graph.parameter('layer.0.weight', [4, 4])), 1);
  assert.match(y.name, /^layer\.0\/Add/);
});

builder('nodes of several results below one layer have names of their own', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['batch', 4]);
  const halves = (index: number) => g.split(g.add(graph.parameter('layer.weight', [4]), g.mul(x, index)), [1, 3], 1);
  const names = [2, 3].flatMap((index) => halves(index).map((half) => half.name));
  assert.is(new Set(names).size, 4);
  assert.is(new Set(graph.nodes.map((node) => node.name)).size, graph.nodes.length);
});

builder('a parameter without use is noted and not stored', () => {
  const graph = new g.Graph();
  graph.at('pooler').unused('dense.weight', [4, 4]);
  assert.equal([...graph.unused], [['pooler.dense.weight', [4, 4]]]);
  assert.is(graph.parameters.size, 0);
});

builder('MACs follow from the shapes', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['batch', 'seq', 8]);
  g.matmul(x, graph.parameter('w', [8, 5]));
  const pixels = graph.input('pixels', 'float32', ['batch', 3, 16, 16]);
  g.conv(pixels, graph.parameter('k', [4, 3, 3, 3]), null, { padding: [1] });
  assert.is(g.countMacs(graph, { batch: 2, seq: 7 }), 2 * 7 * 8 * 5 + 2 * 4 * 256 * 27);
  assert.is(g.countMacs(graph, { batch: 2 }), null);
});

builder('MACs of weights alone are not those of a run', () => {
  const graph = new g.Graph();
  const table = g.matmul(graph.parameter('distances', [100, 8]), graph.parameter('projection', [8, 8]));
  g.matmul(graph.input('x', 'float32', ['seq', 8]), g.transpose(table, [1, 0]));
  assert.is(g.countMacs(graph, { seq: 3 }), 3 * 8 * 100);
});

builder('reads of weights count the rows of a table that are looked up', () => {
  const graph = new g.Graph();
  const ids = graph.input('ids', 'int64', ['batch', 'seq']);
  g.gather(graph.parameter('table', [1000, 16]), ids);
  assert.is(g.weightReadBytes(graph, { batch: 1, seq: 3 }), 3 * 16 * 4);
  assert.is(g.weightReadBytes(graph, { batch: 100, seq: 300 }), 1000 * 16 * 4);
});

builder('activations that are alive at once, views and outputs counted once', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['seq', 8]);
  const wide = g.matmul(x, graph.parameter('up', [8, 32])); // x and wide are alive
  const again = g.matmul(g.reshape(g.reshape(wide, ['seq', 4, 8]), ['seq', 32]), graph.parameter('down', [32, 8])); // wide and again
  graph.output('y', g.add(again, x)); // x stays until here
  assert.is(g.peakActivationBytes(graph, { seq: 10 }), 10 * (8 + 32 + 8) * 4);
});

builder.run();
