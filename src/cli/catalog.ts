// The zoo's registry as the planner sees it.

import { MODELS, UNAVAILABLE } from '../../models/registry.js';
import type { Catalog } from '../run/catalog.js';

/** Tasks whose inputs have no sequence that `--seq` could set. */
export function loadCatalog(): Catalog {
  return {
    models: MODELS.map(({ name, family, category, aliasOf }) => ({ name, family, category, aliasOf, hasSeq: true })),
    unavailable: UNAVAILABLE,
  };
}
