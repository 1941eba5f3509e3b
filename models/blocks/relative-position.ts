// Scores from learned distances (Shaw et al. 2018, arXiv:1803.02155; Huang et al. 2020, arXiv:2009.13658).

import {
  add,
  dimSub,
  einsum,
  gather,
  mul,
  range,
  type Scope,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import type { AttentionOptions } from './attention.js';

/** query place - key place, where the queries are the last of the keys: int64 [queries, keys]. */
export function distances(q: Tensor, k: Tensor): Tensor {
  const g = q.graph;
  const [queries, keys] = [q.dim(2), k.dim(2)];
  return sub(unsqueeze(range(g, queries, dimSub(keys, queries)), 1), unsqueeze(range(g, keys), 0));
}

/**
 * BERT's position_embedding_type: a table `<scope>.distance_embedding` [2 * places - 1, head width] meets the query
 * ('relative_key'), and the key as well ('relative_key_query'). Null for 'absolute'.
 * @param places max_position_embeddings
 * @param scale of these scores; default that of the others, 1 / sqrt(head width)
 */
export function relativeKeys(scope: Scope, kind: string, places: number, scale?: number): AttentionOptions['relative'] {
  if (kind === 'absolute') return undefined;
  return (q, k) => {
    const width = q.dim(3) as number;
    const table = scope.at('distance_embedding').parameter('weight', [2 * places - 1, width]);
    const rows = gather(table, add(distances(q, k), places - 1)); // [queries, keys, head width]
    const byQuery = einsum('bhld,lrd->bhlr', q, rows);
    const scores = kind === 'relative_key' ? byQuery : add(byQuery, einsum('bhrd,lrd->bhlr', k, rows));
    return mul(scores, scale ?? 1 / Math.sqrt(width));
  };
}
