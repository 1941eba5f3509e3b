// Routers: from one score per expert to the few experts of a token and their weights.

import {
  abs,
  add,
  argMax,
  cast,
  concat,
  type Dim,
  div,
  equal,
  gatherElements,
  greater,
  maximum,
  mul,
  oneHot,
  pow,
  range,
  reduceMax,
  reduceSum,
  reshape,
  softmax,
  sub,
  type Tensor,
  topK,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

export interface Routing {
  /** int64 [tokens, k]: numbers of the experts. */
  experts: Tensor;
  /** [tokens, k]: their weights in the sum, in the graph's type. */
  weights: Tensor;
}

const typed = (weights: Tensor, experts: Tensor): Routing => ({
  experts,
  weights: cast(weights, weights.graph.options.dtype),
});

/**
 * Softmax over all experts, then the k largest.
 * @param logits [tokens, experts]
 * @param normalize true: their weights are made to sum to one; a number: they are divided by their norm of that power
 */
export function softmaxThenTop(logits: Tensor, k: number, normalize: boolean | number): Routing {
  const [weights, experts] = topK(softmax(cast(logits, 'float32')), k);
  if (normalize === false) return typed(weights, experts);
  const power = normalize === true ? 1 : normalize;
  if (power === 1) return typed(shares(weights), experts);
  const norm = pow(reduceSum(pow(weights, power), -1, { keep: true }), 1 / power);
  return typed(div(weights, norm), experts);
}

/** The k largest scores, then a softmax over them (Granite, JetMoE). */
export function topThenSoftmax(logits: Tensor, k: number): Routing {
  const [scores, experts] = topK(cast(logits, 'float32'), k);
  return typed(softmax(scores), experts);
}

/** Each weight's share of its token's sum. @param epsilon added to the sum */
export function shares(weights: Tensor, epsilon = 0): Tensor {
  const sum = reduceSum(weights, -1, { keep: true });
  return div(weights, epsilon ? add(sum, epsilon) : sum);
}

export interface GroupOptions {
  k: number;
  /** Experts lie in groups of equal size; only the best `chosen` groups stay in play. */
  groups: number;
  chosen: number;
  /** A group is as good as the sum of its best `top` scores. */
  top: number;
}

/**
 * Group-limited choice (DeepSeek-AI 2024, arXiv:2405.04434): the k best experts of the best groups.
 * @param scores float32 [tokens, experts]; experts of other groups count as 0, as transformers has it, so negative scores can lose to them
 * @returns int64 [tokens, k]
 */
export function topOfGroups(scores: Tensor, { k, groups, chosen, top }: GroupOptions): Tensor {
  const [tokens, experts] = scores.shape as [Dim, number];
  const size = experts / groups;
  if (!Number.isInteger(size)) throw new UsageError(`n_group: ${experts} experts do not make ${groups} equal groups`);
  if (chosen > groups) throw new UsageError(`topk_group: ${chosen} groups are more than there are (${groups})`);
  if (k > chosen * size)
    throw new UsageError(
      `num_experts_per_tok: ${k} experts are more than topk_group ${chosen} leaves of n_group ${groups}`,
    );
  const grouped = reshape(scores, [tokens, groups, size]);
  const worth = reduceSum(topK(grouped, top)[0], -1); // [tokens, groups]
  const inPlay = reduceMax(oneHot(topK(worth, chosen)[1], groups, 'float32'), 1);
  return topK(reshape(mul(grouped, unsqueeze(inPlay, 2)), [tokens, experts]), k)[1];
}

/** The scores of the chosen experts: [tokens, experts] and int64 [tokens, k] -> [tokens, k]. */
export const scoresOf = (scores: Tensor, experts: Tensor): Tensor => gatherElements(scores, experts, -1);

/**
 * SparseMixer (Liu et al. 2023, arXiv:2310.00811), two experts: each the best that is left, weighted by a softmax over the scores
 * that lie near it.
 * @param jitter how near: relative distance up to twice this
 */
export function sparseMixer(logits: Tensor, jitter: number): Routing {
  const count = logits.dim(-1) as number;
  const none = Number.NEGATIVE_INFINITY;
  const choose = (left: Tensor): { expert: Tensor; weight: Tensor } => {
    const best = reduceMax(left, -1, { keep: true });
    const expert = argMax(left, -1, { keep: true });
    const distance = div(sub(best, logits), maximum(abs(logits), best));
    const weights = softmax(where(greater(distance, 2 * jitter), none, left));
    return { expert, weight: gatherElements(weights, expert, -1) };
  };
  const first = choose(logits);
  const second = choose(where(equal(first.expert, range(logits.graph, count)), none, logits));
  return {
    experts: concat([first.expert, second.expert], -1),
    weights: concat([first.weight, second.weight], -1),
  };
}
