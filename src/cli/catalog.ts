// The zoo's registry as the planner sees it.

import { MODELS, UNAVAILABLE } from '../../models/registry.js';
import type { Catalog } from '../run/catalog.js';

const DEFAULT_SEQ = 128;

export function loadCatalog(): Catalog {
  return {
    models: MODELS.map(({ name, family, category, aliasOf, dimensions, seq, raw }) => ({
      name,
      family,
      category,
      aliasOf,
      raw,
      defaultSeq: dimensions.includes('seq') ? (seq ?? DEFAULT_SEQ) : null,
    })),
    unavailable: UNAVAILABLE,
  };
}
