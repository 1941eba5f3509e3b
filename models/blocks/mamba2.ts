// The Mamba-2 mixer (Dao and Gu 2024, arXiv:2405.21060): one projection for all, heads whose states decay as one.

import {
  add,
  cast,
  clip,
  exp,
  less,
  mul,
  neg,
  or,
  reshape,
  type Scope,
  softplus,
  split,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from './activation.js';
import { carriedState } from './carried-state.js';
import { causalConv } from './causal-conv.js';
import { linear } from './linear.js';
import { hidePadding } from './mamba.js';
import { rmsNorm } from './norm.js';
import { stateSpaceDual } from './state-space-dual.js';

/** Keys of the configuration that the mixer reads. */
export interface Mamba2Keys {
  hidden_size: number;
  num_heads: number;
  head_dim: number;
  n_groups: number;
  state_size: number;
  conv_kernel: number;
  chunk_size: number;
  hidden_act: string;
  layer_norm_epsilon: number;
  use_bias: boolean;
  use_conv_bias: boolean;
  /** Least and greatest time step. */
  time_step_limit: (number | string | null)[] | null;
}

/** transformers hides padding only where there are several rows and several tokens. */
export function paddingOf(attentionMask: Tensor): Tensor {
  const g = attentionMask.graph;
  const [batch, seq] = attentionMask.shape;
  return or(cast(attentionMask, 'bool'), or(less(g.size(batch), 2), less(g.size(seq), 2)));
}

/** x [batch, seq, width] -> the same shape. @param kept what is no padding: bool [batch, seq] */
export function mamba2Mixer(scope: Scope, x: Tensor, kept: Tensor | null, layer: number, c: Mamba2Keys): Tensor {
  const [batch, seq] = x.shape;
  const inner = c.num_heads * c.head_dim;
  const shared = c.n_groups * c.state_size;
  const projected = linear(scope.at('in_proj'), hidePadding(x, kept), 2 * inner + 2 * shared + c.num_heads, {
    bias: c.use_bias,
  });
  const [gate, fresh, rawStep] = split(projected, [inner, inner + 2 * shared, c.num_heads], -1);
  const convolved = causalConv(scope.at('conv1d'), fresh, { kernel: c.conv_kernel, layer, bias: c.use_conv_bias });
  const parts = split(hidePadding(activation(c.hidden_act)(convolved), kept), [inner, shared, shared], -1);
  const [u, b, from] = parts.map((part, index) =>
    reshape(cast(part, 'float32'), [
      batch,
      seq,
      ...(index === 0 ? [c.num_heads, c.head_dim] : [c.n_groups, c.state_size]),
    ]),
  );
  const own = (name: string): Tensor => cast(scope.parameter(name, [c.num_heads]), 'float32');
  const state = carriedState(scope.graph, 'ssm', layer, [batch, c.num_heads, c.state_size, c.head_dim], 'float32');
  const { y, last } = stateSpaceDual({
    x: u,
    step: limited(softplus(add(cast(rawStep, 'float32'), own('dt_bias'))), c.time_step_limit),
    rate: neg(exp(own('A_log'))),
    b,
    c: from,
    start: state.start(),
    chunk: c.chunk_size,
  });
  state.carry(last);
  const read = reshape(add(y, mul(u, unsqueeze(own('D'), 1))), [batch, seq, inner]);
  const gated = mul(read, activation('silu')(cast(gate, 'float32')));
  const normal = rmsNorm(scope.at('norm'), cast(gated, x.dtype), c.layer_norm_epsilon);
  return linear(scope.at('out_proj'), normal, c.hidden_size, { bias: c.use_bias });
}

function limited(step: Tensor, limit: Mamba2Keys['time_step_limit']): Tensor {
  if (!limit) return step;
  if (limit.length !== 2) throw new UsageError(`time_step_limit: expected a pair, got ${JSON.stringify(limit)}`);
  const [low, high] = limit.map((bound) => {
    if (bound === null || /^[+-]?inf(inity)?$/i.test(`${bound}`)) return null;
    if (typeof bound !== 'number') throw new UsageError(`time_step_limit: '${bound}' is no number`);
    return bound;
  });
  return low === null && high === null ? step : clip(step, low, high);
}
