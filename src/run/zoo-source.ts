// A model of the zoo as the source of a case: its row names a page and a configuration.

import { buildModel } from '../../models/build.js';
import { preprocessOf } from '../../models/preprocess.js';
import { findModel, loadPage } from '../../models/registry.js';
import { STORAGE } from '../graph/index.js';
import { UsageError } from '../util/error.js';
import type { Case, CaseDType } from './case.js';
import { assemble, DEFAULT_SEQ, factsOf, type PageSource, pageFeeds } from './page-source.js';
import { checkPositions } from './positions.js';
import type { RunSettings } from './settings.js';
import type { OpenedSource } from './source.js';

export interface ZooChoice {
  name: string;
  size: 'tiny' | 'full';
  dtype: CaseDType;
  style: 'standard' | 'fused';
}

/**
 * Builds the graph of a zoo model: page, configuration, storage.
 * @throws UsageError for a name that the zoo does not have, or a form that the model does not have
 */
export async function buildZoo({ name, size, dtype, style }: ZooChoice) {
  const row = findModel(name);
  if (!row) throw new UsageError(`model '${name}' is unknown; 'hfbench models' lists all`);
  const page = await loadPage(row);
  const config = size === 'tiny' ? page.tiny : page.variants[name].config;
  return { row, page, ...buildModel(page, config, { ...STORAGE[dtype], style }) };
}

/** @throws UsageError for a name that the zoo does not have */
export async function openZoo(name: string, work: Case, settings: RunSettings): Promise<OpenedSource> {
  const row = findModel(name);
  if (!row) throw new UsageError(`model '${name}' is unknown; 'hfbench models' lists all`);
  const page = await loadPage(row);
  const config = work.size === 'tiny' ? page.tiny : page.variants[name].config;
  return openFor({ name, variant: name, page, category: row.category, config }, work, settings);
}

/** Opens the form of a page that the case's scenario runs. */
export async function openFor(from: PageSource, work: Case, settings: RunSettings): Promise<OpenedSource> {
  if (work.scenario !== 'generate') return openPage(from, work, settings);
  return (await import('./generation-source.js')).openGeneration(from, work, settings);
}

/** Builds a page with a configuration and opens it as the source of a case. */
export function openPage(from: PageSource, work: Case, settings: RunSettings): OpenedSource {
  const started = process.hrtime.bigint();
  const { graph, inputs, source } = assemble(from, work, 'plain');
  const graphBuildNs = Number(process.hrtime.bigint() - started);

  const sizes = {
    seq: DEFAULT_SEQ,
    ...from.page.sizes,
    batch: work.batch,
    ...(work.seq === null ? {} : { seq: work.seq }),
    ...settings.dims,
  };
  checkPositions(from.name, graph, sizes);
  return {
    source,
    facts: factsOf(from, [{ graph, sizes, bytes: source.bytes }], { graph, sizes }),
    graphBuildNs,
    freeDimensions: Object.fromEntries(Object.entries(sizes).filter(([name]) => graph.symbols().includes(name))),
    *feeds() {
      yield pageFeeds(inputs, sizes, graph);
    },
    async recipe() {
      const { pageRecipe } = await import('./raw/recipe.js');
      const ids = inputs.input_ids?.values;
      const vocabulary = ids?.kind === 'integers' ? ids.high : null;
      return pageRecipe(preprocessOf(from.page, from.config, from.variant), vocabulary, from.folder ?? null);
    },
    advice: () => null,
  };
}
