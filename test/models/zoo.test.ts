// Every oracle fixture that has a page: the page computes what transformers computes, in both styles.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, fixtureNames, readFixture } from '../support/fixture.js';
import { loadPages } from '../support/pages.js';

const LIMIT = 1e-4;
const only = process.env.HFBENCH_ONLY?.split(',');

const pages = await loadPages();
const zoo = suite('zoo');
for (const name of fixtureNames().filter((name) => !only || only.includes(name))) {
  const fixture = readFixture(name);
  const page = pages.find(
    (page) => page.modelTypes.includes(fixture.model_type) && page.architectures.includes(fixture.model_class),
  );
  if (!page) {
    zoo.skip(`${name}: no page`, () => {});
    continue;
  }
  for (const style of ['standard', 'fused'] as const)
    zoo(`${name}, ${style}`, async () => {
      for (const { output, relativeL2 } of await compare(page, fixture, { style })) {
        if (process.env.HFBENCH_VERBOSE) console.log(`${name}.${output} ${style}: ${relativeL2.toExponential(2)}`);
        assert.ok(relativeL2 <= LIMIT, `${name}.${output} ${style}: relative L2 error ${relativeL2}`);
      }
    });
}
zoo.run();
