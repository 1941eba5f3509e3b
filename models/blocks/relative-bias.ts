// T5's relative positions (Raffel et al. 2019, arXiv:1910.10683): a learned number per head and distance, with distances in
// buckets that grow logarithmically.

import {
  add,
  clip,
  dimAdd,
  type Graph,
  gather,
  range,
  type Scope,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import type { Steps } from './cache.js';

export interface BucketOptions {
  buckets: number;
  maxDistance: number;
  /** Whether keys behind the query have buckets of their own; if not, they share bucket 0 with the query's own place. */
  bidirectional: boolean;
}

const f32 = Math.fround;

/** Bucket of a distance (key place - query place), in torch's float32 steps. */
export function bucketOf(distance: number, { buckets, maxDistance, bidirectional }: BucketOptions): number {
  const count = bidirectional ? Math.floor(buckets / 2) : buckets;
  const start = bidirectional && distance > 0 ? count : 0;
  const size = bidirectional ? Math.abs(distance) : Math.max(0, -distance);
  const exact = Math.floor(count / 2);
  if (maxDistance <= exact)
    throw new UsageError(
      `relative positions: the greatest distance must be above ${exact}, half the buckets, not ${maxDistance}`,
    );
  if (size < exact) return start + size;
  const ratio = f32(f32(Math.log(f32(size / exact))) / f32(Math.log(maxDistance / exact)));
  return start + Math.min(exact + Math.trunc(f32(ratio * (count - exact))), count - 1);
}

/** Buckets of distances (key place - query place), int64 [...] -> int64 of the same shape. */
export function buckets(distances: Tensor, options: BucketOptions): Tensor {
  const far = options.maxDistance; // all that is farther shares the last bucket
  const table = Array.from({ length: 2 * far + 1 }, (_, index) => bucketOf(index - far, options));
  return gather(distances.graph.constant(table, 'int64'), add(clip(distances, -far, far), far));
}

/**
 * Scores of distances from a table `<scope>.weight` [buckets, heads].
 * @param distances key place - query place, int64 [...]
 * @returns [..., heads]
 */
export function bucketScores(scope: Scope, distances: Tensor, heads: number, options: BucketOptions): Tensor {
  return gather(scope.parameter('weight', [options.buckets, heads]), buckets(distances, options));
}

/** key place - query place of the queries that a run computes: int64 [seq, past + seq]. */
export function stepDistances(g: Graph, at: Pick<Steps, 'past' | 'seq'>): Tensor {
  return sub(unsqueeze(range(g, dimAdd(at.past, at.seq)), 0), unsqueeze(range(g, at.seq, at.past), 1));
}

/** Scores of all pairs of a run: [1, heads, seq, past + seq]. */
export function relativeBias(
  scope: Scope,
  at: Pick<Steps, 'past' | 'seq'>,
  heads: number,
  options: BucketOptions,
): Tensor {
  const scores = bucketScores(scope, stepDistances(scope.graph, at), heads, options);
  return unsqueeze(transpose(scores, [2, 0, 1]), 0);
}
