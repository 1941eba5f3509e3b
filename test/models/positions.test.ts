// Models that have only so many positions say how many: with as many they run, with one more ONNX Runtime fails.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import { makeInput } from '../../models/inputs.js';
import { encodeModel, weightSpecs } from '../../src/graph/index.js';
import { errorOf, packagedLibrary, withSession } from '../support/ort.js';
import { loadPages } from '../support/pages.js';

const library = packagedLibrary();
const test = suite('positions');

/** Their ids hold padding, which takes no place: one word more may fit. */
const WITH_PADDING = new Set(['markuplm', 'lilt']);
let limited = 0;

for (const page of await loadPages()) {
  const { graph, inputs } = buildModel(page, page.tiny);
  const limits = new Map<string, number>();
  for (const { dim, most } of graph.limits)
    if (graph.symbols().includes(`${dim}`)) limits.set(`${dim}`, Math.min(most, limits.get(`${dim}`) ?? most));
  for (const [dim, most] of limits) {
    limited++;
    test(`${page.family}: ${dim} up to ${most}`, async () => {
      const config = { modelBytes: encodeModel(graph, page.family), weights: weightSpecs(graph) };
      await withSession(library, config, async (session) => {
        const runs = async (length: number) => {
          const sizes: Record<string, number> = { seq: 8, ...page.sizes, batch: 1 };
          for (const [other, bound] of limits) sizes[other] = Math.min(bound, 8);
          sizes[dim] = length;
          const feeds = Object.entries(inputs).map(([name, spec]) => ({ name, ...makeInput(name, spec, sizes) }));
          await session.bind(feeds);
          await session.runOnce();
        };
        await runs(most);
        if (!WITH_PADDING.has(page.family)) assert.ok((await errorOf(() => runs(most + 1))).ortCode);
      });
    });
  }
}

test('most models with learned positions are among them', () => assert.ok(limited > 50, `${limited}`));
test.run();
