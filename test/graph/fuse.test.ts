import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import deepseek from '../../models/decoder-only/deepseek-v2.js';
import llama from '../../models/decoder-only/llama.js';
import type { Page } from '../../models/define.js';
import bert from '../../models/encoder-only/bert.js';
import * as g from '../../src/graph/index.js';

const fuse = suite('fuse');

function start() {
  const graph = new g.Graph({ style: 'fused' });
  const x = graph.input('x', 'float32', ['batch', 'seq', 8]);
  const y = graph.input('y', 'float32', ['batch', 'seq', 8]);
  const vector = (name: string) => graph.parameter(name, [8]);
  const norm = (of: g.Tensor) => g.layerNormalization(of, vector('scale'), vector('shift'), 1e-5);
  return { graph, x, y, vector, norm };
}

/** Operators and the names that they read, in order. */
const nodes = (graph: g.Graph) =>
  graph.nodes.map(({ op, inputs, outputs }) => `${op}(${inputs.map((input) => input?.name)}) ${outputs.length}`);

fuse('a residual and its bias go into the norm, which gives the sum only where it is read', () => {
  for (const summed of [false, true]) {
    const { graph, x, y, vector, norm } = start();
    const sum = g.add(g.add(x, vector('bias')), y);
    graph.output('normed', norm(sum));
    if (summed) graph.output('sum', sum);
    g.fuse(graph);
    assert.equal(nodes(graph), [`SkipLayerNormalization(x,y,scale,shift,bias) ${summed ? 4 : 1}`]);
  }
});

fuse('of two norms of one sum the second reads the sum', () => {
  const { graph, x, y, vector, norm } = start();
  const sum = g.add(x, y);
  graph.output('one', norm(sum));
  graph.output('two', g.simplifiedLayerNormalization(sum, vector('other'), 1e-5));
  g.fuse(graph);
  assert.equal(nodes(graph), [
    'SkipLayerNormalization(x,y,scale,shift) 4',
    `SimplifiedLayerNormalization(${sum.name},other) 1`,
  ]);
});

fuse('what is read elsewhere, or broadcast, is left alone', () => {
  const { graph, x, vector, norm } = start();
  const row = graph.input('row', 'float32', [1, 1, 8]);
  const biased = g.add(x, vector('bias'));
  const [gelu] = graph.node('Gelu', [biased], { approximate: 'none' }, [{ dtype: 'float32', shape: x.shape }]);
  graph.output('gelu', gelu);
  graph.output('biased', biased);
  graph.output('normed', norm(g.add(x, row)));
  g.fuse(graph);
  assert.equal(
    graph.nodes.map(({ op }) => op),
    ['Add', 'Gelu', 'Add', 'LayerNormalization'],
  );
});

fuse('layouts that cancel vanish with all that only they read', () => {
  const { graph, x } = start();
  const heads = g.transpose(g.reshape(x, ['batch', 'seq', 2, 4]), [0, 2, 1, 3]);
  graph.output('relu', g.relu(g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['batch', 'seq', 8])));
  g.fuse(graph);
  assert.equal(nodes(graph), ['Relu(x) 1']);
});

const PAGES: Page<never>[] = [bert, llama, deepseek] as never;
for (const page of PAGES) {
  fuse(`${page.family}: both styles multiply and add as often`, () => {
    const macs = (style: 'standard' | 'fused') =>
      g.countMacs(buildModel(page, page.tiny, { style }).graph, { batch: 2, seq: 7 });
    assert.is(macs('fused'), macs('standard'));
    assert.ok(macs('fused')! > 0);
  });
}

fuse.run();
