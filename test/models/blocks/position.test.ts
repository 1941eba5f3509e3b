// Tables of sinusoids that checkpoints may leave out: values computed by transformers 4.57 (Marian's and FSMT's embeddings).

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { steps } from '../../../models/blocks/cache.js';
import { countedTable, type Positions, tabledSinusoids } from '../../../models/blocks/position.js';
import { Graph } from '../../../src/graph/index.js';

/** The values that stand in for a table of 4 places. */
function standIn(positions: Positions): number[] {
  const g = new Graph();
  const ids = g.input('input_ids', 'int64', ['batch', 'seq']);
  positions(g.at('table'), ids, steps(ids, undefined));
  return Array.from(g.parameters.get('table.weight')!.absent!());
}

const MARIAN = {
  6: `0 0 0 1 1 1 0.841471 0.046399 0.002154 0.540302 0.998923 0.999998
      0.909297 0.092698 0.004309 -0.416147 0.995694 0.999991 0.14112 0.138798 0.006463 -0.989992 0.990321 0.999979`,
  7: `0 0 0 0 1 1 1 0.841471 0.071906 0.005179 0.000373 0.540302 0.997411 0.999987
      0.909297 0.143441 0.010359 0.000746 -0.416147 0.989659 0.999946 0.14112 0.214232 0.015538 0.001118 -0.989992 0.976783 0.999879`,
};
const FSMT = {
  6: `0 0 0 1 1 1 0 0 0 0 0 0 0.909297 0.019999 0.0002 -0.416147 0.9998 1
      0.14112 0.029995 0.0003 -0.989992 0.99955 1`,
  7: `0 0 0 1 1 1 0 0 0 0 0 0 0 0 0.909297 0.019999 0.0002 -0.416147 0.9998 1 0
      0.14112 0.029995 0.0003 -0.989992 0.99955 1 0`,
};

const tables = suite('tables of sinusoids');
function check(found: number[], expected: string): void {
  const values = expected.trim().split(/\s+/).map(Number);
  assert.is(found.length, values.length);
  for (const [index, value] of values.entries())
    assert.ok(Math.abs(found[index] - value) < 1e-6, `value ${index} is ${found[index]}, expected ${value}`);
}
for (const width of [6, 7] as const) {
  tables(`sines, then cosines, width ${width}`, () => check(standIn(tabledSinusoids(4, width)), MARIAN[width]));
  tables(`fairseq's, padding at 1, width ${width}`, () => check(standIn(countedTable(4, width, 1)), FSMT[width]));
}
tables.run();
