// What GPT, GPT-2 and their kin have in common: one layer for queries, keys and values, and token types that are words.

import { add, type Graph, type Scope, type Tensor } from '../../src/graph/index.js';
import { type Inputs, optional, tokens } from '../define.js';
import { attendHeads, type HeadsOptions, splitGroups } from './attention.js';
import { decoderInputs } from './cache.js';
import { type Embedding, linear } from './linear.js';

/** Keys of the pooling of the two-headed class, which a language model has not. */
export const SUMMARY_KEYS = [
  'n_ctx',
  'summary_activation',
  'summary_first_dropout',
  'summary_proj_to_labels',
  'summary_type',
  'summary_use_proj',
] as const;

/** Inputs of a decoder, and token_type_ids, looked up among the words, for those who ask. */
export const gptInputs = (vocabulary: number, form: Graph['options']['form']): Inputs => ({
  ...decoderInputs(vocabulary, form),
  token_type_ids: optional(tokens(vocabulary, 'batch', 'seq')),
});

/** [batch, seq, width]: the words, and those of token_type_ids where they are given. */
export function embedWords(words: Embedding, ids: Tensor, types: Tensor | undefined): Tensor {
  return types ? add(words.lookup(ids), words.lookup(types)) : words.lookup(ids);
}

export interface FusedOptions extends HeadsOptions {
  heads: number;
  kvHeads?: number;
  /** Query, key and value of each head lie together; default: all queries, then all keys, then all values. */
  perHead?: boolean;
  names: readonly [fused: string, output: string];
  bias?: boolean | readonly [fused: boolean, output: boolean];
  /** Weights are stored [in, out]. */
  inOut?: boolean;
  /** Changes the fused projection before it is cut. */
  adjust?: (fused: Tensor) => Tensor;
}

/** Self-attention with one layer for queries, keys and values: x [batch, seq, width] -> the same shape. */
export function fusedAttention(scope: Scope, x: Tensor, options: FusedOptions): Tensor {
  const { heads, inOut } = options;
  const kvHeads = options.kvHeads ?? heads;
  const width = x.dim(-1) as number;
  const [inBias, outBias] = typeof options.bias === 'object' ? options.bias : Array(2).fill(options.bias ?? true);
  const [fused, output] = options.names;
  const made = linear(scope.at(fused), x, (width / heads) * (heads + 2 * kvHeads), { bias: inBias, inOut });
  const cut = options.adjust?.(made) ?? made;
  const [q, k, v] = options.perHead
    ? splitGroups(cut, heads, [1, 1, 1])
    : splitGroups(cut, 1, [heads, kvHeads, kvHeads]);
  return linear(scope.at(output), attendHeads(q, k, v, options), width, { bias: outBias, inOut });
}
