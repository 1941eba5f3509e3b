// Reformer's layers (Kitaev et al. 2020, arXiv:2001.04451): two residual streams, and attention among neighbours or among tokens that
// hash alike, in turn.

import { add, type Graph, mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { type Inputs, reals } from '../define.js';
import { mergeHeads, splitHeads } from './attention.js';
import { type ChunkOptions, hashedAttention, localAttention } from './chunked-attention.js';
import { linear } from './linear.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';

/** Keys of the configuration that these layers read. */
export interface ReversibleKeys {
  hidden_size: number;
  num_attention_heads: number;
  attention_head_size: number;
  feed_forward_size: number;
  hidden_act: string;
  layer_norm_eps: number;
  is_decoder: boolean;
  attn_layers: readonly string[];
  num_hidden_layers: number | null;
  local_attn_chunk_length: number;
  local_num_chunks_before: number;
  local_num_chunks_after: number;
  lsh_attn_chunk_length: number;
  lsh_num_chunks_before: number;
  lsh_num_chunks_after: number;
  num_buckets: number | number[] | null;
  num_hashes: number;
}

type LayerKind = 'local' | 'lsh';

export const chunkLength = (c: ReversibleKeys, kind: LayerKind): number => c[`${kind}_attn_chunk_length`];

/** random_rotations_N [heads, head width, hashes, directions] of every hashing layer; transformers draws them anew in every run. */
export function hashDirections(c: ReversibleKeys): Inputs {
  const entries = layerKinds(c).flatMap((kind, index) => {
    if (kind !== 'lsh') return [];
    const directions = bucketsOf(c).reduce((sum, size) => sum + size / 2, 0);
    const values = reals(c.num_attention_heads, c.attention_head_size, c.num_hashes, directions);
    return [[`random_rotations_${index}`, values] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * @param kept bool [batch, length]: false for what fills up the text
 * @param rotations as hashDirections names them
 * @returns both streams, [batch, length, hidden_size]
 */
export function reversibleLayers(
  g: Graph,
  embedded: Tensor,
  kept: Tensor,
  rotations: Record<string, Tensor>,
  c: ReversibleKeys,
): [Tensor, Tensor] {
  const kinds = layerKinds(c);
  const norm = (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x, c.layer_norm_eps);
  let [one, other] = [embedded, embedded]; // [batch, length, hidden_size]
  g.layers('reformer.encoder.layers', kinds.length).forEach((layer, index) => {
    const own = layer.at('attention');
    const seen = attention(
      own.at('self_attention'),
      norm(own.at('layer_norm'), other),
      kinds[index],
      kept,
      rotations[`random_rotations_${index}`],
      c,
    );
    one = add(one, linear(own.at('output.dense'), seen, c.hidden_size, { bias: false }));
    const part = layer.at('feed_forward');
    const names = ['dense.dense', 'output.dense'] as const;
    const made = mlp(part, norm(part.at('layer_norm'), one), {
      names,
      hidden: c.feed_forward_size,
      activation: c.hidden_act,
    });
    other = add(other, made);
  });
  return [one, other];
}

/** The kind of each layer. @throws UsageError */
export function layerKinds(c: ReversibleKeys): LayerKind[] {
  const strange = c.attn_layers.find((kind) => kind !== 'local' && kind !== 'lsh');
  if (strange !== undefined) throw new UsageError(`attn_layers: '${strange}' is not supported; known: local, lsh`);
  const count = c.num_hidden_layers ?? c.attn_layers.length;
  if (count > c.attn_layers.length)
    throw new UsageError(`attn_layers: ${c.attn_layers.length} entries for num_hidden_layers ${count}`);
  return c.attn_layers.slice(0, count) as LayerKind[];
}

function bucketsOf(c: ReversibleKeys): number[] {
  if (c.num_buckets === null)
    throw new UsageError('num_buckets: must be given; transformers would choose it by the length of the first text');
  const sizes = typeof c.num_buckets === 'number' ? [c.num_buckets] : c.num_buckets;
  if (sizes.some((size) => !Number.isInteger(size) || size < 2 || size % 2 !== 0))
    throw new UsageError(`num_buckets: expected even numbers, got ${JSON.stringify(c.num_buckets)}`);
  return sizes;
}

/** x [batch, length, hidden_size] -> [batch, length, heads * head width]. */
function attention(
  scope: Scope,
  x: Tensor,
  kind: LayerKind,
  kept: Tensor,
  rotations: Tensor | undefined,
  c: ReversibleKeys,
): Tensor {
  const heads = c.num_attention_heads;
  const project = (name: string): Tensor =>
    splitHeads(linear(scope.at(name), x, heads * c.attention_head_size, { bias: false }), heads);
  const look: ChunkOptions = {
    length: chunkLength(c, kind),
    before: c[`${kind}_num_chunks_before`],
    after: c[`${kind}_num_chunks_after`],
    causal: c.is_decoder,
    kept,
  };
  if (kind === 'local') {
    const key = mul(project('key'), c.attention_head_size ** -0.5);
    return mergeHeads(localAttention(project('query'), key, project('value'), look));
  }
  if (!rotations) throw new UsageError('reformer: every lsh layer needs its input random_rotations_N');
  const options = { ...look, buckets: bucketsOf(c), rounds: c.num_hashes, rotations };
  return mergeHeads(hashedAttention(project('query_key'), project('value'), options));
}
