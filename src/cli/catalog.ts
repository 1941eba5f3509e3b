// The zoo's registry as the planner sees it.

import { MODELS } from '../../models/registry.js';
import { nameStates } from '../../models/states.js';
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
    unavailable: nameStates().flatMap(({ name, why, nearest }) => (why === null ? [] : [{ name, why, nearest }])),
  };
}
