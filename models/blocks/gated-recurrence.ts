// Griffin's real-gated linear recurrent unit (De et al. 2024, arXiv:2402.19427).

import {
  add,
  cast,
  type Dim,
  equal,
  exp,
  matmul,
  mul,
  reshape,
  type Scope,
  sigmoid,
  softplus,
  sqrt,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { activation } from './activation.js';
import { carriedState } from './carried-state.js';
import { causalConv } from './causal-conv.js';
import { linear } from './linear.js';
import { linearRecurrence } from './linear-recurrence.js';

/** Keys of the configuration that recurrentBlock reads. */
export interface RecurrentKeys {
  hidden_size: number;
  lru_width: number | null;
  hidden_activation: string;
  conv1d_width: number;
  num_attention_heads: number;
}

/**
 * x [batch, seq, width] -> the same shape. A text's first token, at place 0, forgets what was before.
 * @param positions int64 [batch or 1, seq]
 * @param heads blocks of the gates' matrices
 */
export function gatedRecurrence(scope: Scope, x: Tensor, positions: Tensor, layer: number, heads: number): Tensor {
  const [batch, seq, width] = x.shape as [Dim, Dim, number];
  const each = width / heads;
  const perHead = transpose(reshape(x, [batch, seq, heads, each]), [0, 2, 1, 3]);
  const gate = (name: string): Tensor => {
    const weight = scope.parameter(`${name}_gate_weight`, [heads, each, each]);
    const bias = unsqueeze(scope.parameter(`${name}_gate_bias`, [heads, each]), 1);
    return sigmoid(reshape(transpose(add(matmul(perHead, weight), bias), [0, 2, 1, 3]), [batch, seq, width]));
  };
  // In float32: near 1 the decay's distance from 1 is below a half-precision step.
  const wide = (part: Tensor): Tensor => cast(part, 'float32');
  const speed = mul(softplus(wide(scope.parameter('recurrent_param', [width]))), -8);
  const logDecay = mul(wide(gate('recurrent')), speed);
  const first = unsqueeze(equal(positions, 0), 2);
  const norm = where(first, 1, sqrt(sub(1, exp(mul(logDecay, 2)))));
  const inflow = mul(wide(mul(x, gate('input'))), norm);
  const state = carriedState(scope.graph, 'recurrent', layer, [batch, width], 'float32');
  const { states, last } = linearRecurrence(where(first, 0, exp(logDecay)), inflow, state.start());
  state.carry(last);
  return cast(states, x.dtype);
}

/** Griffin's recurrent block: a short convolution and the recurrence, beside a gate. x [batch, seq, width] -> the same shape. */
export function recurrentBlock(scope: Scope, x: Tensor, positions: Tensor, layer: number, c: RecurrentKeys): Tensor {
  const width = c.lru_width ?? c.hidden_size;
  const side = activation(c.hidden_activation)(linear(scope.at('linear_y'), x, width));
  const fresh = causalConv(scope.at('conv_1d'), linear(scope.at('linear_x'), x, width), {
    kernel: c.conv1d_width,
    layer,
  });
  const made = gatedRecurrence(scope.at('rg_lru'), fresh, positions, layer, c.num_attention_heads);
  return linear(scope.at('linear_out'), mul(made, side), c.hidden_size);
}
