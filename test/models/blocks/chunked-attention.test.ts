// Local attention against attention over the whole text under the mask of its chunks.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attend } from '../../../models/blocks/attention.js';
import { localAttention } from '../../../models/blocks/chunked-attention.js';
import { wholeChunks } from '../../../models/blocks/chunks.js';
import { cast, type Dim, Graph } from '../../../src/graph/index.js';
import { uniform } from '../../../src/util/fill.js';
import { runGraph } from '../../support/run-graph.js';

const chunked = suite('chunked attention');
const [HEADS, WIDTH, LENGTH] = [2, 3, 4];

for (const places of [3, 4, 8, 16]) {
  for (const causal of [true, false]) {
    chunked(`${places} places in chunks of ${LENGTH}${causal ? ', causal' : ''}`, async () => {
      const g = new Graph();
      const dims: Dim[] = ['batch', HEADS, 'places', WIDTH];
      const [q, k, v] = ['q', 'k', 'v'].map((name) => g.input(name, 'float32', dims));
      const kept = cast(g.input('kept', 'int64', ['batch', 'places']), 'bool');
      const mask = g.input('mask', 'float32', ['places', 'places']);
      g.output('local', localAttention(q, k, v, { length: LENGTH, before: 1, after: 0, causal, kept }));
      g.output('whole', attend(q, k, v, { scale: 1, mask }));
      const shape = [1, HEADS, places, WIDTH];
      const values = (name: string) => ({ data: uniform(name, HEADS * places * WIDTH, 0, 1), shape });
      const chunk = (place: number): number => Math.floor(place / LENGTH);
      const count = Math.ceil(places / LENGTH);
      const sees = (query: number, key: number): boolean =>
        (!causal || key <= query) && (chunk(key) === chunk(query) || chunk(key) === (chunk(query) + count - 1) % count); // the first looks to the last
      const { local, whole } = await runGraph(g, {
        q: values('q'),
        k: values('k'),
        v: values('v'),
        kept: { data: new Array(places).fill(1), shape: [1, places] },
        mask: {
          data: Array.from({ length: places ** 2 }, (_, i) =>
            sees(Math.floor(i / places), i % places) ? 0 : Number.NEGATIVE_INFINITY,
          ),
          shape: [places, places],
        },
      });
      assert.equal(local.shape, shape);
      local.data.forEach((value, index) => {
        assert.ok(
          Math.abs(value - whole.data[index]) < 1e-5,
          `value ${index}: ${value}, expected ${whole.data[index]}`,
        );
      });
    });
  }
}

chunked(
  'a text is filled up to the common multiple of its chunks, but not when it is no longer than the least',
  async () => {
    for (const [lengths, seq, filled] of [
      [[4, 4], 3, 3],
      [[4, 4], 9, 12],
      [[4, 6], 4, 4],
      [[4, 6], 5, 12],
      [[4, 6], 12, 12],
    ] as const) {
      const g = new Graph();
      g.input('x', 'float32', ['seq']);
      g.output('size', g.size(wholeChunks(g, 'seq', lengths)));
      const { size } = await runGraph(g, { x: { data: new Array(seq).fill(0), shape: [seq] } });
      assert.equal(size.data, [filled], `${seq} in chunks of ${lengths}`);
    }
  },
);
chunked.run();
