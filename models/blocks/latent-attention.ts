// Multi-head latent attention (DeepSeek-AI 2024, arXiv:2405.04434): keys and values of all heads are made from one narrow vector
// per token; positions turn a few features more, whose key all heads share. As in transformers, the cache holds the keys and
// values as made, not the narrow vector.

import {
  concat,
  type Dim,
  expand,
  reshape,
  type Scope,
  split,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attendHeads, type HeadsOptions } from './attention.js';
import { linear } from './linear.js';
import { rmsNorm } from './norm.js';
import type { Rotation } from './rope.js';

/** Sizes by their names in DeepSeek's configurations. */
export interface LatentSizes {
  num_attention_heads: number;
  /** As many as heads: every head has keys of its own. */
  num_key_value_heads: number | null;
  /** Width of the narrow vector that queries are made from; null: from the input itself. */
  q_lora_rank: number | null;
  kv_lora_rank: number;
  /** Features of a head that have no position, and those that are turned. */
  qk_nope_head_dim: number;
  qk_rope_head_dim: number;
  v_head_dim: number;
  attention_bias: boolean;
}

/** Of the norms of the narrow vectors; no key of the configuration sets it. */
const EPSILON = 1e-6;

/** x [batch, seq, width] -> [batch, seq, width]. `rotate` turns the features that have a position alone. */
export function latentAttention(
  scope: Scope,
  x: Tensor,
  c: LatentSizes,
  options: HeadsOptions & { rotate: Rotation },
): Tensor {
  const [batch, seq, width] = x.shape as [Dim, Dim, number];
  const { num_attention_heads: heads, qk_nope_head_dim: plain, qk_rope_head_dim: turned, v_head_dim: valueDim } = c;
  const { rotate, ...rest } = options;
  if ((c.num_key_value_heads ?? heads) !== heads)
    throw new UsageError(`num_key_value_heads: must be num_attention_heads (${heads}), got ${c.num_key_value_heads}`);
  const byHead = (made: Tensor, headDim: number): Tensor =>
    transpose(reshape(made, [batch, seq, heads, headDim]), [0, 2, 1, 3]);
  const project = (name: string, from: Tensor, size: number, bias = false): Tensor =>
    linear(scope.at(name), from, size, { bias });

  const queryDim = plain + turned;
  const narrow =
    c.q_lora_rank === null
      ? null
      : rmsNorm(scope.at('q_a_layernorm'), project('q_a_proj', x, c.q_lora_rank, c.attention_bias), EPSILON);
  const q = narrow ? project('q_b_proj', narrow, heads * queryDim) : project('q_proj', x, heads * queryDim);
  const [qPlain, qTurned] = split(byHead(q, queryDim), [plain, turned], 3);

  const compressed = project('kv_a_proj_with_mqa', x, c.kv_lora_rank + turned, c.attention_bias);
  const [latent, kShared] = split(compressed, [c.kv_lora_rank, turned], 2);
  const made = project('kv_b_proj', rmsNorm(scope.at('kv_a_layernorm'), latent, EPSILON), heads * (plain + valueDim));
  const [kPlain, v] = split(byHead(made, plain + valueDim), [plain, valueDim], 3);
  const kTurned = expand(rotate(unsqueeze(kShared, 1)), [batch, heads, seq, turned]);

  const mixed = attendHeads(concat([qPlain, rotate(qTurned)], 3), concat([kPlain, kTurned], 3), v, rest);
  return linear(scope.at('o_proj'), mixed, width, { bias: c.attention_bias });
}
