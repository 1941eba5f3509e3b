// Every variant row builds at its real size (no weights are made) and has the published number of parameters.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel, countParameters } from '../../models/build.js';
import { loadPages } from '../support/pages.js';

const variants = suite('variants');
const only = process.env.HFBENCH_ONLY?.split(',');
for (const page of await loadPages()) {
  for (const [name, variant] of Object.entries(page.variants)) {
    if (only && !only.includes(name)) continue;
    variants(`${page.family}: ${name}`, () => {
      assert.is(countParameters(buildModel(page, variant.config).graph), variant.parameters);
    });
  }
}
variants.run();
