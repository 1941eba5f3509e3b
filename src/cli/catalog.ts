// The zoo's registry as the planner sees it.

import { MODELS, UNAVAILABLE } from '../../models/registry.js';
import type { Catalog } from '../run/catalog.js';

export function loadCatalog(): Catalog {
  return {
    models: MODELS.map(({ name, family, category, aliasOf, dimensions }) => ({
      name,
      family,
      category,
      aliasOf,
      hasSeq: dimensions.includes('seq'),
    })),
    unavailable: UNAVAILABLE,
  };
}
