// Scores from learned distances (Shaw et al. 2018, arXiv:1803.02155; Huang et al. 2020, arXiv:2009.13658).

import {
  add,
  clip,
  type Dim,
  dimSub,
  einsum,
  gather,
  mul,
  range,
  type Scope,
  sub,
  type Tensor,
  transpose,
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
 * ('relative_key'), and the key as well ('relative_key_query'). Undefined for other kinds.
 * @param places max_position_embeddings
 * @param scale of the query's and the key's part; default 1 / sqrt(head width), as the other scores
 */
export function relativeKeys(
  scope: Scope,
  kind: string,
  places: number,
  scale: { query?: number; key?: number } = {},
): AttentionOptions['relative'] {
  if (!kind.startsWith('relative_key')) return undefined;
  return (q, k) => {
    const width = q.dim(3) as number;
    const table = scope.at('distance_embedding').parameter('weight', [2 * places - 1, width]);
    const rows = gather(table, add(distances(q, k), places - 1)); // [queries, keys, head width]
    const byQuery = mul(einsum('bhld,lrd->bhlr', q, rows), scale.query ?? 1 / Math.sqrt(width));
    if (kind === 'relative_key') return byQuery;
    return add(byQuery, mul(einsum('bhrd,lrd->bhlr', k, rows), scale.key ?? 1 / Math.sqrt(width)));
  };
}

const f32 = Math.fround;

/**
 * T5's buckets of signed distances (Raffel et al. 2019, arXiv:1910.10683): half for each direction, near distances one by one,
 * far ones on a logarithmic scale, all from `far` on alike. In float32 steps as torch takes them.
 * @param from -far .. far: key place - query place
 */
function bucket(from: number, count: number, far: number): number {
  const half = count / 2;
  const exact = Math.floor(half / 2);
  const size = Math.abs(from);
  if (size < exact) return (from > 0 ? half : 0) + size;
  const scale = f32(f32(f32(Math.log(f32(size / exact))) / f32(Math.log(far / exact))) * (half - exact));
  return (from > 0 ? half : 0) + Math.min(half - 1, exact + Math.trunc(scale));
}

/**
 * Biases of a learned table `<scope>.weight` [rows, heads] by the buckets of distances.
 * @param seq queries and keys
 * @returns [1, heads, seq, seq]
 */
export function bucketBias(
  scope: Scope,
  seq: Dim,
  heads: number,
  options: { rows: number; count: number; far: number },
): Tensor {
  const g = scope.graph;
  const { rows, count, far } = options;
  const buckets = Array.from({ length: 2 * far + 1 }, (_, index) => bucket(index - far, count, far));
  const places = range(g, seq);
  const from = clip(sub(unsqueeze(places, 0), unsqueeze(places, 1)), -far, far); // [queries, keys]
  const byDistance = gather(scope.parameter('weight', [rows, heads]), g.constant(buckets, 'int64'));
  return unsqueeze(transpose(gather(byDistance, add(from, far)), [2, 0, 1]), 0);
}
