// What a model of the zoo does to its raw inputs, at full size and batch 1.

import { readConfig } from '../../../models/config.js';
import { makeInput } from '../../../models/inputs.js';
import { preprocessOf } from '../../../models/preprocess.js';
import { findModel, loadPage } from '../../../models/registry.js';
import { UsageError } from '../../util/error.js';
import { NO_RAW_FILES } from '../raw/files.js';
import { MAIN, stagesOf } from '../raw/preparation.js';
import { pageRecipe } from '../raw/recipe.js';
import type { Task, TaskChoice } from './task.js';

const DEFAULT_SEQ = 128;

/** One task for each kind of raw input. @throws UsageError for a model that has none, or no tokenizer to be measured */
export async function tasksOfModel(name: string, { threads }: TaskChoice): Promise<Task[]> {
  const row = findModel(name)!;
  const page = await loadPage(row);
  const { config: json } = page.variants[name]!;
  const specs = page.inputs(readConfig(page.config, json, page.family), 'plain');
  const sizes = { seq: DEFAULT_SEQ, ...page.sizes, batch: 1 };
  const wanted = Object.values(MAIN).flat();
  const feeds = Object.fromEntries(
    Object.entries(specs)
      .filter(([input]) => (wanted as string[]).includes(input))
      .map(([input, spec]) => [input, makeInput(input, spec, sizes)]),
  );
  const ids = specs.input_ids?.values;
  const recipe = await pageRecipe(preprocessOf(page, json, name), ids?.kind === 'integers' ? ids.high : null, null);
  const stages = await stagesOf(recipe, feeds, { files: NO_RAW_FILES, threads, nowNs: () => 0 });
  if (stages.length === 0) throw new UsageError(`model '${name}': has no preprocessing`);
  return stages.map(([main, stage]) => ({
    name: stages.length === 1 ? name : `${name} ${main}`,
    words: `${stage.input}, ${stage.preprocessor}${stage.tokenizer === null ? '' : `, ${stage.tokenizer}`}`,
    inputBytes: stage.inputBytes,
    items: stage.items,
    run: () => stage.run(feeds).release(),
  }));
}
