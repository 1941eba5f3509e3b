// One row per variant: what its graph holds at full size. A change here is a change of what is measured.

import { suite } from 'uvu';
import { buildModel, countParameters } from '../../models/build.js';
import { countMacs } from '../../src/graph/index.js';
import { assertGolden } from '../support/golden.js';
import { loadPages } from '../support/pages.js';

const rows = suite('golden rows');
for (const page of (await loadPages()).sort((a, b) => (a.family < b.family ? -1 : 1))) {
  rows(page.family, () => {
    const sizes = { seq: 128, ...page.sizes, batch: 1 };
    const lines = Object.entries(page.variants).map(([name, { config }]) => {
      const { graph } = buildModel(page, config);
      const ports = (list: { name: string; shape: readonly unknown[] }[]) =>
        list.map((port) => `${port.name}[${port.shape.join(', ')}]`).join(' ');
      const outputs = graph.outputs.map(({ name, tensor }) => ({ name, shape: tensor.shape }));
      const facts = [countParameters(graph), graph.nodes.length, countMacs(graph, sizes) ?? 'unknown'];
      return [
        name,
        `  parameters ${facts[0]}, nodes ${facts[1]}, MACs ${facts[2]}`,
        `  in  ${ports(graph.inputs)}`,
        `  out ${ports(outputs)}`,
      ].join('\n');
    });
    assertGolden(`models/${page.family}.txt`, `${lines.join('\n')}\n`);
  });
}
rows.run();
