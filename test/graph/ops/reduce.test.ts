import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as g from '../../../src/graph/index.js';
import { runGraph, type Values } from '../../support/run-graph.js';

const reductions = suite('reductions');

/** Reference values in float64. */
const logSumExp = (values: number[]): number => {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
};

const near = (found: number[], wanted: number[]): void => {
  assert.is(found.length, wanted.length);
  found.forEach((value, index) => {
    const error = Math.abs(value - wanted[index]!);
    assert.ok(error <= 1e-6 * Math.max(1, Math.abs(wanted[index]!)), `${found} for ${wanted}`);
  });
};

reductions('reduceLogSumExp neither overflows nor vanishes, on any provider', async () => {
  const rows = [
    [1, 2, 3],
    [100, 100, 99],
    [-1e5, -1e9, -1e9],
    [-1e9, -1e9, -1e9],
  ];
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', ['rows', 3]);
  graph.output('kept', g.reduceLogSumExp(x, -1, { keep: true }));
  graph.output('gone', g.reduceLogSumExp(x, 1));
  // How providers compute that operator is theirs; here no exponential is of more than 0.
  assert.not.ok(graph.nodes.some(({ op }) => op === 'ReduceLogSumExp'));
  for (const node of graph.nodes.filter(({ op }) => op === 'Exp')) graph.output(`in_${node.name}`, node.inputs[0]!);
  const feeds: Record<string, Values> = { x: { data: rows.flat(), shape: [4, 3] } };
  const { kept, gone, ...exponents } = await runGraph(graph, feeds);
  assert.equal([kept!.shape, gone!.shape], [[4, 1], [4]]);
  near(kept!.data, rows.map(logSumExp));
  near(gone!.data, rows.map(logSumExp));
  assert.is(Object.keys(exponents).length, 1, 'both have one in common');
  for (const { data } of Object.values(exponents)) assert.is(Math.max(...data), 0);
});

reductions('reduceLogSumExp over several axes', async () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [2, 2, 2]);
  graph.output('y', g.reduceLogSumExp(x, [0, -1]));
  const { y } = await runGraph(graph, { x: { data: [1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2] } });
  assert.equal(y!.shape, [2]);
  near(y!.data, [logSumExp([1, 2, 5, 6]), logSumExp([3, 4, 7, 8])]);
});

reductions.run();
