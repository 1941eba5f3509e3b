// Scores of a pair of tokens by their segments or, within one segment, by their bucketed distance (CPM-Ant).

import {
  add,
  equal,
  gather,
  mul,
  range,
  type Scope,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { buckets } from './relative-bias.js';

/** Keys of the configuration that it reads. */
export interface SegmentBiasKeys {
  num_attention_heads: number;
  segment_types: number;
  position_bias_num_buckets: number;
  position_bias_max_distance: number;
}

/** Segments int64 [batch, length] -> [batch, heads, length, length]. */
export function segmentBias(scope: Scope, segments: Tensor, c: SegmentBiasKeys): Tensor {
  const [g, total] = [scope.graph, segments.dim(1)];
  const [query, key] = [unsqueeze(segments, 2), unsqueeze(segments, 1)];
  const distances = sub(unsqueeze(range(g, total), 0), unsqueeze(range(g, total), 1));
  const within = buckets(distances, {
    buckets: c.position_bias_num_buckets,
    maxDistance: c.position_bias_max_distance,
    bidirectional: true,
  });
  const between = add(add(mul(query, c.segment_types), key), c.position_bias_num_buckets);
  const rows = c.segment_types ** 2 + c.position_bias_num_buckets;
  const table = scope.parameter('relative_attention_bias', [rows, c.num_attention_heads]);
  return transpose(gather(table, where(equal(key, query), within, between)), [0, 3, 1, 2]);
}
