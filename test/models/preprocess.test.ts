// Every page's preprocessing is one that exists, and gives what the page's tiny graph takes.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../models/config.js';
import { makeInput } from '../../models/inputs.js';
import { preprocessOf, RAW_KINDS, TEXT_KINDS } from '../../models/preprocess.js';
import { NO_RAW_FILES } from '../../src/run/raw/files.js';
import { prepare } from '../../src/run/raw/preparation.js';
import { pageRecipe } from '../../src/run/raw/recipe.js';
import { UnsupportedError } from '../../src/util/error.js';
import { loadPages } from '../support/pages.js';

const STAND_INS = TEXT_KINDS.slice(0, 5) as readonly string[];
/** Models whose ids have other names, for two texts at once. */
const OTHER_NAMES = ['retribert'];
const SIZES = { batch: 1, seq: 16, decoder_seq: 4 };

for (const page of await loadPages()) {
  const json = page.tiny as Record<string, unknown>;
  const said = preprocessOf(page, json);
  if (said === null) continue;
  test(page.family, async () => {
    assert.ok(
      Object.keys(said).length > 0 &&
        Object.keys(said).every((kind) => (RAW_KINDS as readonly string[]).includes(kind)),
    );
    if (said.text !== undefined) assert.ok(TEXT_KINDS.includes(said.text), said.text);
    const specs = page.inputs(readConfig(page.config, json, page.family), 'plain');
    const shown = Object.entries(specs).filter(([, spec]) => !spec.optional);
    const feeds = Object.fromEntries(
      shown.map(([name, spec]) => [name, makeInput(name, spec, { ...page.sizes, ...SIZES })]),
    );
    const ids = specs.input_ids?.values;
    const recipe = await pageRecipe(said, ids?.kind === 'integers' ? ids.high : null, null);
    const preparing = prepare(recipe, feeds, { files: NO_RAW_FILES, threads: 1, nowNs: () => 0 });
    if (OTHER_NAMES.includes(page.family) || (said.text !== undefined && !STAND_INS.includes(said.text))) {
      const error = await preparing.then(
        () => null,
        (problem) => problem,
      );
      assert.instance(error, UnsupportedError);
      return;
    }
    const { facts } = await preparing;
    for (const name of ['pixel_values', 'input_features', 'input_ids'])
      if (name in feeds) assert.match(facts.placement, new RegExp(`\\b${name} in place`));
  });
}

test.run();
