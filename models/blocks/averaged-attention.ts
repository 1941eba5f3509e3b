// Mega's layers (Ma et al. 2022, arXiv:2209.10655): a single-headed attention whose queries, keys and gates come from a moving average
// of the sequence, and the feed-forward part beside it.

import {
  add,
  cast,
  clip,
  div,
  equal,
  gather,
  matmul,
  mul,
  or,
  reduceSum,
  type Scope,
  sigmoid,
  softmax,
  split,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { activation } from './activation.js';
import { linear } from './linear.js';
import { movingAverage } from './moving-average.js';
import { sequenceNorm } from './sequence-norm.js';
import { rotaryBias, toeplitzBias } from './toeplitz-bias.js';

/** Keys of the configuration that these layers read. */
export interface AveragedAttentionKeys {
  hidden_size: number;
  intermediate_size: number;
  ema_projection_size: number;
  bidirectional: boolean;
  shared_representation_size: number;
  normalize_before_mega: boolean;
  normalization_type: Parameters<typeof sequenceNorm>[2];
  norm_affine: boolean;
  activation: string;
  attention_activation: string;
  nffn_hidden_size: number;
  normalize_before_ffn: boolean;
  max_positions: number;
  relative_positional_bias: string;
}

const norm = (scope: Scope, x: Tensor, c: AveragedAttentionKeys): Tensor =>
  sequenceNorm(scope.at('norm.norm'), x, c.normalization_type, c.norm_affine);

/** x [batch, seq, hidden_size] -> the same shape, the residual included. */
export function averagedAttention(
  scope: Scope,
  x: Tensor,
  given: Tensor | undefined,
  c: AveragedAttentionKeys,
): Tensor {
  const [width, inner, shared] = [c.hidden_size, c.intermediate_size, c.shared_representation_size];
  const [act, silu] = [activation(c.activation), activation('silu')];
  const normal = c.normalize_before_mega ? norm(scope, x, c) : x;
  const values = act(linear(scope.at('v_proj'), normal, inner));
  const ema = scope.at('ema_gate');
  const kept = given ? mul(normal, cast(unsqueeze(given, 2), x.dtype)) : normal;
  const average = movingAverage(ema, kept, { dimensions: c.ema_projection_size, bidirectional: c.bidirectional });
  const averaged = silu(add(average, mul(normal, ema.parameter('residual_weight', [width]))));
  const base = linear(scope.at('mx_proj'), averaged, shared + inner + 2 * width);
  const [residual, gates, state] = split(base, [width, shared + inner, width], 2);
  const [common, gate] = split(silu(gates), [shared, inner], 2);
  const [weights, biases] = ['qk_weight', 'qk_bias'].map((name) => scope.parameter(name, [2, shared]));
  const [query, key] = [0, 1].map((row) => add(mul(common, gather(weights, row)), gather(biases, row)));
  const attended = matmul(attentionWeights(scope.at('rel_pos_bias'), query, key, given, c), values);
  const made = act(add(state, linear(scope.at('h_proj'), mul(attended, gate), width)));
  const mixed = add(x, mul(sigmoid(residual), sub(made, x)));
  return c.normalize_before_mega ? mixed : norm(scope, mixed, c);
}

/** query, key [batch, seq, width] -> [batch, seq, seq]: softmax, or an activation of the scores divided by the count of keys. */
function attentionWeights(
  scope: Scope,
  query: Tensor,
  key: Tensor,
  given: Tensor | undefined,
  c: AveragedAttentionKeys,
): Tensor {
  const [g, seq, width] = [query.graph, query.dim(1), c.shared_representation_size];
  const bias =
    c.relative_positional_bias === 'rotary' ? rotaryBias(scope, seq, width) : toeplitzBias(scope, seq, c.max_positions);
  if (c.attention_activation === 'softmax') {
    const scores = add(matmul(mul(query, width ** -0.5), swapAxes(key, 1, 2)), bias);
    if (!given) return softmax(scores);
    const none = equal(reduceSum(given, 1, { keep: true }), 0); // a row of padding alone attends as if it had none
    return softmax(where(unsqueeze(or(cast(given, 'bool'), none), 1), scores, -Infinity));
  }
  const count = cast(
    given ? clip(unsqueeze(reduceSum(given, 1, { keep: true }), 2), 1, null) : g.size(seq),
    query.dtype,
  );
  const weights = activation(c.attention_activation)(add(div(matmul(query, swapAxes(key, 1, 2)), count), bias));
  return given ? mul(weights, cast(unsqueeze(given, 1), query.dtype)) : weights;
}

/** x [batch, seq, hidden_size] -> the same shape, the residual included. */
export function averagedFeedForward(scope: Scope, x: Tensor, c: AveragedAttentionKeys): Tensor {
  const normal = c.normalize_before_ffn ? norm(scope, x, c) : x;
  const inner = activation(c.activation)(linear(scope.at('fc1'), normal, c.nffn_hidden_size));
  const sum = add(linear(scope.at('fc2'), inner, c.hidden_size), x);
  return c.normalize_before_ffn ? sum : norm(scope, sum, c);
}
