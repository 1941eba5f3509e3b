// Routers whose experts take only so many tokens of a run (Switch: Fedus et al. 2021, arXiv:2101.03961; two experts: GShard,
// Lepikhin et al. 2020, arXiv:2006.16668). Tokens that find their expert full go to number `experts`, that is to nobody.

import {
  add,
  argMax,
  argSort,
  cast,
  ceil,
  concat,
  cumSum,
  type Dim,
  dimMul,
  div,
  equal,
  type Graph,
  gather,
  gatherElements,
  lessOrEqual,
  maximum,
  mul,
  neg,
  oneHot,
  range,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  softmax,
  squeeze,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import type { Routing } from './routing.js';

/** Runs a token that no expert takes: its share of the sum is nothing. */
export const untaken = (rows: Tensor): Tensor => mul(rows, 0);

/**
 * The best expert of each token; of every sequence, an expert takes the first `capacity` tokens that choose it.
 * @param logits [batch, seq, experts]
 * @param layer in the cached form, number of the layer whose count goes on from run to run; without it every run counts anew
 */
export function topOneOfSequence(logits: Tensor, capacity: number, layer?: number): Routing {
  const g = logits.graph;
  const [batch, seq, count] = logits.shape as [Dim, Dim, number];
  const weights = softmax(cast(logits, 'float32'));
  const best = argMax(weights, -1); // [batch, seq]
  const queue = continued(cumSum(oneHot(best, count, 'int64'), 1), layer);
  const place = gatherElements(queue, unsqueeze(best, 2), -1);
  const expert = where(lessOrEqual(place, capacity), unsqueeze(best, 2), g.constant(count, 'int64'));
  const shape = [dimMul(batch, seq), 1];
  return {
    experts: reshape(expert, shape),
    weights: cast(reshape(reduceMax(weights, -1), shape), g.options.dtype),
  };
}

/** Adds what a sequence's earlier tokens have taken: the state past_taken.N [batch, experts]. */
function continued(queue: Tensor, layer: number | undefined): Tensor {
  const g = queue.graph;
  if (layer === undefined || g.options.form !== 'cached') return queue;
  const [batch, , count] = queue.shape;
  const past = g.pastState(`past_taken.${layer}`, 'float32', [batch, count]);
  const all = add(queue, unsqueeze(cast(past, 'int64'), 1));
  g.nextState(`past_taken.${layer}`, `present_taken.${layer}`, cast(squeeze(slice(all, 1, -1), 1), 'float32'));
  return all;
}

export interface TopTwoOptions {
  /** Tokens that an expert takes: a share of the run's tokens, or a number. */
  capacity: { share: number } | { tokens: number };
  /** Whether the weights are shares of both experts' sum, rather than of those that take the token. */
  normalizeFirst: boolean;
  /** Whether tokens with the surest choice go first, rather than in order. */
  surestFirst: boolean;
  /** 1 for tokens, 0 for padding, which goes to nobody: [tokens]. */
  keep: Tensor | null;
}

/** The two best experts of each token of the whole run; first choices go before second ones. @param logits [tokens, experts] */
export function topTwoOfRun(logits: Tensor, options: TopTwoOptions): Routing {
  const g = logits.graph;
  const [tokens, count] = logits.shape as [Dim, number];
  const scores = cast(logits, 'float32');
  const weights = softmax(scores);
  const first = argMax(weights, -1);
  const isFirst = equal(unsqueeze(first, 1), range(g, count));
  const second = argMax(where(isFirst, Number.NEGATIVE_INFINITY, scores), -1);
  const chosen = [first, second].map((expert) => {
    const hot = oneHot(expert, count, 'int64');
    return options.keep ? mul(hot, unsqueeze(cast(options.keep, 'int64'), 1)) : hot;
  });
  const order = options.surestFirst ? argSort(neg(reduceMax(weights, -1))) : null;
  const queued = (hot: Tensor): Tensor =>
    order ? gather(cumSum(gather(hot, order), 0), argSort(order)) : cumSum(hot, 0);
  const limit = capacityOf(g, tokens, options.capacity);
  const queues = [queued(chosen[0]), add(queued(chosen[1]), reduceSum(chosen[0], 0, { keep: true }))];
  const taken = chosen.map((hot, n) => (limit ? mul(hot, cast(lessOrEqual(queues[n], limit), 'int64')) : hot));
  const share = (hot: Tensor): Tensor => reduceSum(mul(weights, cast(hot, 'float32')), -1, { keep: true });
  const raw = (options.normalizeFirst ? [first, second].map((expert) => oneHot(expert, count, 'int64')) : taken).map(
    share,
  );
  const sum = maximum(add(raw[0], raw[1]), EPSILON);
  const experts = taken.map((hot, n) => {
    const any = reduceSum(hot, -1);
    return where(equal(any, 1), n === 0 ? first : second, g.constant(count, 'int64'));
  });
  return {
    experts: concat(
      experts.map((expert) => unsqueeze(expert, 1)),
      1,
    ),
    weights: cast(
      concat(
        raw.map((part) => div(part, sum)),
        1,
      ),
      g.options.dtype,
    ),
  };
}

/** torch.finfo(float32).eps. */
const EPSILON = 2 ** -23;

/** Null where no expert can be full. */
function capacityOf(g: Graph, tokens: Dim, capacity: TopTwoOptions['capacity']): Tensor | null {
  if ('tokens' in capacity) return g.constant(capacity.tokens, 'int64');
  if (capacity.share >= 1) return null;
  // in double precision, as Python counts
  const share = mul(cast(g.size(tokens), 'float64'), g.constant(capacity.share, 'float64'));
  return cast(ceil(share), 'int64');
}
