// Mixture of experts (Shazeer et al. 2017, arXiv:1701.06538): a router picks a few of many MLPs for each token.
// Experts that no token was sent to are not run: each sits in a branch that its number of tokens opens. Routers are in routing.ts.

import {
  argSort,
  branch,
  cast,
  chunk,
  concat,
  type Dim,
  dimMul,
  div,
  type FloatType,
  full,
  gather,
  greater,
  matmul,
  mul,
  reduceSum,
  reshape,
  type Scope,
  scatterElements,
  split,
  splitAt,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from './activation.js';
import { linear } from './linear.js';
import type { Routing } from './routing.js';

export interface MixtureOptions {
  /** How many experts there are. */
  count: number;
  /** The expert of this number over its rows [some, width] -> [some, out]. It must take all it uses from `rows` and parameters. */
  expert: (index: number, rows: Tensor) => Tensor;
  /** What becomes of rows that are routed to number `count`, that is to nobody; without it there must be none. */
  rest?: (rows: Tensor) => Tensor;
}

/** x [batch, seq, width] -> [batch, seq, out]: the weighted sum of what its experts make of each token. */
export function mixture(x: Tensor, routing: Routing, options: MixtureOptions): Tensor {
  const [batch, seq, width] = x.shape;
  const k = routing.experts.dim(1) as number;
  const tokens = reshape(x, [dimMul(batch, seq), width]);
  const made = dispatch(routing.experts, (places) => gather(tokens, k === 1 ? places : div(places, k)), options);
  return reshape(combine(made, routing), [batch, seq, made.dim(1)]);
}

/** pairs [tokens * k, width] -> [tokens, width]: the k results of each token, weighted and summed. */
export function combine(pairs: Tensor, { weights }: Routing): Tensor {
  const results = reshape(pairs, [...weights.shape, pairs.dim(1)]);
  return reduceSum(mul(results, unsqueeze(weights, 2)), 1);
}

/**
 * Sends rows to experts and brings the results back into order.
 * @param experts int64 [tokens, k]: numbers of the experts of each token
 * @param rowsAt the rows at these places (int64 [some]) of the flattened `experts`
 * @returns [tokens * k, out]
 */
export function dispatch(experts: Tensor, rowsAt: (places: Tensor) => Tensor, options: MixtureOptions): Tensor {
  const g = experts.graph;
  const k = experts.dim(1) as number;
  if (k < 1 || k > options.count)
    throw new UsageError(`experts: each token needs from 1 to ${options.count} of them, not ${k}`);
  const pairs: Dim = dimMul(...experts.shape);
  const flat = reshape(experts, [pairs]);
  const order = argSort(flat); // places sorted by expert
  const kinds = options.count + (options.rest ? 1 : 0);
  const one = full(g, [pairs], 1, 'int64');
  const sizes = scatterElements(g.constant(Array(kinds).fill(0), 'int64'), flat, one, 0, 'add');
  const parts = splitAt(rowsAt(order), sizes, options.count);
  const busy = split(cast(greater(sizes, 0), 'uint8'), Array(kinds).fill(1), 0);
  const results = parts
    .slice(0, options.count)
    .map((rows, index) => whenBusy(busy[index], rows, (some) => options.expert(index, some)));
  if (options.rest) results.push(options.rest(parts[options.count]));
  const sorted = reshape(concat(results, 0), [pairs, results[0].dim(1)]);
  return gather(sorted, argSort(order)); // the order of the order undoes it
}

/** The expert's result where it has rows, none where it has not. */
function whenBusy(busy: Tensor, rows: Tensor, expert: (rows: Tensor) => Tensor): Tensor {
  let width: Dim = 0;
  return branch(
    cast(busy, 'bool'),
    (g) => {
      const made = expert(g.identity(rows)); // what is computed from it belongs to the branch
      width = made.dim(1);
      return [made];
    },
    (g) => [g.constant([], rows.dtype, [0, width as number])],
  )[0];
}

/** Scores of the experts: x [batch, seq, width] -> [tokens, count]. Never quantised, since it decides where tokens go. */
export function routerScores(scope: Scope, x: Tensor, count: number, dtype: FloatType = x.dtype as FloatType): Tensor {
  const [batch, seq, width] = x.shape as [Dim, Dim, number];
  const weight = scope.parameter('weight', [count, width], { transposed: true });
  return matmul(cast(reshape(x, [dimMul(batch, seq), width]), dtype), cast(weight, dtype));
}

/** Whether the layer `index` has experts, by the keys of Qwen's configurations. */
export function isSparse(
  c: { num_experts: number; decoder_sparse_step: number; mlp_only_layers: number[] | null },
  index: number,
): boolean {
  return !c.mlp_only_layers?.includes(index) && c.num_experts > 0 && (index + 1) % c.decoder_sparse_step === 0;
}

/** Layer `index` of a stack `<scope>.weight` [count, width, in]. */
export function stackedLinear(
  scope: Scope,
  x: Tensor,
  width: number,
  { index, count }: { index: number; count: number },
): Tensor {
  return linear(scope, x, width, { bias: false, stack: { index, shape: [count, width, x.dim(-1) as number] } });
}

/** Gated MLPs stacked in `input_linear` (gate and up) and `output_linear`. */
export function stackedExperts(
  scope: Scope,
  count: number,
  options: { hidden: number; activation: string },
): (index: number, rows: Tensor) => Tensor {
  return (index, rows) => {
    const [gate, up] = chunk(
      stackedLinear(scope.at('input_linear'), rows, 2 * options.hidden, { index, count }),
      2,
      -1,
    );
    const hidden = mul(activation(options.activation)(gate), up);
    return stackedLinear(scope.at('output_linear'), hidden, rows.dim(-1) as number, { index, count });
  };
}
