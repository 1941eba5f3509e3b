// Attention (Vaswani et al. 2017, arXiv:1706.03762): multi-head, grouped-query and multi-query, self and cross.

import {
  add,
  div,
  matmul,
  mul,
  reshape,
  type Scope,
  softmax,
  split,
  type Tensor,
  tanh,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { extendCache } from './cache.js';
import { multiHeadAttention } from './fused-attention.js';
import { linear } from './linear.js';
import type { Rotation } from './rope.js';

function headWidth(x: Tensor, heads: number): number {
  const width = (x.dim(-1) as number) / heads;
  if (!Number.isInteger(width))
    throw new UsageError(`attention: a width of ${x.dim(-1)} is no multiple of ${heads} heads`);
  return width;
}

/** [batch, seq, heads * width] -> [batch, heads, seq, width]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const width = headWidth(x, heads);
  return transpose(reshape(x, [x.dim(0), x.dim(1), heads, width]), [0, 2, 1, 3]);
}

/** [batch, heads, seq, width] -> [batch, seq, heads * width]. */
export function mergeHeads(x: Tensor): Tensor {
  return reshape(transpose(x, [0, 2, 1, 3]), [x.dim(0), x.dim(2), (x.dim(1) as number) * (x.dim(3) as number)]);
}

/**
 * Cuts a fused projection [batch, seq, groups * (queries + keys + values) * width], whose groups hold their heads of each kind
 * one after another, into heads.
 * @returns three tensors [batch, groups * count, seq, width], in the order of the counts
 */
export function splitGroups(x: Tensor, groups: number, counts: [number, number, number]): [Tensor, Tensor, Tensor] {
  const [batch, seq] = x.shape;
  const heads = counts[0] + counts[1] + counts[2];
  const width = headWidth(x, groups * heads);
  const parts = split(reshape(x, [batch, seq, groups, heads, width]), counts, 3);
  return parts.map((part, index) =>
    transpose(reshape(part, [batch, seq, groups * counts[index], width]), [0, 2, 1, 3]),
  ) as [Tensor, Tensor, Tensor];
}

export interface AttendOptions {
  /** Factor of the scores (default 1 / sqrt(width)). */
  scale?: number;
  /** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
  mask?: Tensor | null;
  /** Scores are limited to this size by tanh (Gemma 2). */
  softcap?: number | null;
  /** Changes the scores [batch, heads, queries, keys] before the mask is added; not where heads share keys. */
  changeScores?: (scores: Tensor) => Tensor;
  /** A further term of the result, made from the weights [batch, heads, queries, keys]: values of distances (Nezha); not where heads share keys. */
  valueTerm?: (weights: Tensor) => Tensor;
}

/**
 * softmax(q k^T * scale + mask) v. Heads of k and v may be fewer: each serves heads / kvHeads neighbouring queries (no copy is made).
 * @param q [batch, heads, queries, width]
 * @param k [batch, kvHeads, keys, width]
 * @param v [batch, kvHeads, keys, value width]
 * @returns [batch, heads, queries, value width]
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, options: AttendOptions = {}): Tensor {
  const [heads, kvHeads] = [q.dim(1) as number, k.dim(1) as number];
  if (heads % kvHeads !== 0) throw new UsageError(`attention: ${heads} heads cannot share ${kvHeads} key heads evenly`);
  const fused = fusedAttend(q, k, v, options);
  if (fused) return splitHeads(fused, heads);
  const scale = options.scale ?? 1 / Math.sqrt(q.dim(3) as number);
  const grouped = kvHeads < heads;
  const queries = grouped ? reshape(q, [q.dim(0), kvHeads, heads / kvHeads, q.dim(2), q.dim(3)]) : q;
  const [keys, values] = grouped ? [unsqueeze(k, 2), unsqueeze(v, 2)] : [k, v];
  const last = keys.rank - 1;
  const axes = keys.shape.map((_, axis) => axis);
  let scores = matmul(queries, transpose(keys, [...axes.slice(0, -2), last, last - 1]));
  if (scale !== 1) scores = mul(scores, scale);
  if (options.softcap) scores = softLimit(scores, options.softcap);
  if (options.changeScores) scores = options.changeScores(scores);
  if (options.mask) scores = add(scores, grouped ? groupMask(options.mask, kvHeads, heads) : options.mask);
  const weights = softmax(scores);
  const mixed = matmul(weights, values);
  if (grouped) return reshape(mixed, [q.dim(0), heads, q.dim(2), v.dim(3)]);
  return options.valueTerm ? add(mixed, options.valueTerm(weights)) : mixed;
}

/** The result with its heads merged, by one operator: in the fused style, where nothing but scale and mask changes the scores. */
function fusedAttend(q: Tensor, k: Tensor, v: Tensor, options: AttendOptions): Tensor | null {
  const { softcap, changeScores, valueTerm } = options;
  if (q.graph.options.style !== 'fused' || softcap || changeScores || valueTerm) return null;
  const scale = options.scale ?? 1 / Math.sqrt(q.dim(3) as number);
  return multiHeadAttention(q, k, v, scale, options.mask ?? null);
}

/** Keeps values within +-limit, smoothly: limit * tanh(x / limit). */
export const softLimit = (x: Tensor, limit: number): Tensor => mul(tanh(div(x, limit)), limit);

/** A mask over heads in the shape of grouped scores. */
function groupMask(mask: Tensor, kvHeads: number, heads: number): Tensor {
  if (mask.rank < 3 || mask.dim(-3) === 1) return mask.rank < 3 ? mask : unsqueeze(mask, mask.rank - 2);
  return reshape(mask, [...mask.shape.slice(0, -3), kvHeads, heads / kvHeads, mask.dim(-2), mask.dim(-1)]);
}

export interface HeadsOptions extends AttendOptions {
  /** Turns queries and keys by their positions. */
  rotate?: Rotation | null;
  /** Turns values as well (RoFormer's rotary_value). */
  rotateValues?: boolean;
  /** Normalises queries and keys [batch, heads, seq, width] before they are turned. */
  normalize?: { query: (x: Tensor) => Tensor; key: (x: Tensor) => Tensor };
  /** Further scores [batch, heads, queries, keys] made from queries and keys, e.g. of their distance; added as they are. */
  relative?: (q: Tensor, k: Tensor) => Tensor;
  /** Number of the layer, for the cache; without one nothing is cached. */
  layer?: number;
  /** Keys that a query sees, its own place counted: the cache keeps no more, and the mask must be of this window too. */
  window?: number | null;
}

/** Self-attention over heads as projected: normalised, turned, joined with the cache. @returns [batch, seq, heads * value width] */
export function attendHeads(q: Tensor, k: Tensor, v: Tensor, options: HeadsOptions): Tensor {
  if (options.normalize) [q, k] = [options.normalize.query(q), options.normalize.key(k)];
  if (options.rotate) [q, k, v] = [options.rotate(q), options.rotate(k), options.rotateValues ? options.rotate(v) : v];
  if (options.layer !== undefined) ({ key: k, value: v } = extendCache(options.layer, k, v, options.window));
  const scores = options.relative?.(q, k);
  const mask = scores && options.mask ? add(scores, options.mask) : (scores ?? options.mask);
  return fusedAttend(q, k, v, { ...options, mask }) ?? mergeHeads(attend(q, k, v, { ...options, mask }));
}

export interface AttentionOptions extends HeadsOptions {
  heads: number;
  kvHeads?: number;
  /** Width of a head (default width / heads). */
  headDim?: number;
  /** Names of the four layers under the scope (default q_proj, k_proj, v_proj, o_proj). */
  names?: readonly [query: string, key: string, value: string, output: string];
  /** Whether query, key, value and output have a bias: one for all, or each (default true). */
  bias?: boolean | readonly [boolean, boolean, boolean, boolean];
  /** Changes a projection [batch, seq, heads * width] before it is cut into heads. */
  adjust?: (x: Tensor, kind: 'query' | 'key' | 'value') => Tensor;
  /** Where keys and values come from (cross-attention); default x. */
  source?: Tensor;
}

/** x [batch, seq, width] -> [batch, seq, width]. */
export function attention(scope: Scope, x: Tensor, options: AttentionOptions): Tensor {
  const width = x.dim(-1) as number;
  const { heads, adjust } = options;
  const kvHeads = options.kvHeads ?? heads;
  const headDim = options.headDim ?? headWidth(x, heads);
  const [query, key, value, output] = options.names ?? ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
  const [qBias, kBias, vBias, oBias] =
    typeof options.bias === 'object' ? options.bias : Array(4).fill(options.bias ?? true);
  const project = (from: Tensor, name: string, count: number, bias: boolean, kind: 'query' | 'key' | 'value') => {
    const made = linear(scope.at(name), from, count * headDim, { bias });
    return splitHeads(adjust ? adjust(made, kind) : made, count);
  };
  const source = options.source ?? x;
  const q = project(x, query, heads, qBias, 'query');
  const k = project(source, key, kvHeads, kBias, 'key');
  const v = project(source, value, kvHeads, vBias, 'value');
  return linear(scope.at(output), attendHeads(q, k, v, options), width, { bias: oBias });
}
