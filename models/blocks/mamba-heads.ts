// Zamba's Mamba mixer (Glorioso et al. 2024, arXiv:2405.16712): each head chooses time steps and what goes into its states and is read
// from them by itself.

import {
  add,
  matmul,
  mul,
  reshape,
  type Scope,
  softplus,
  split,
  type Tensor,
  transpose,
} from '../../src/graph/index.js';
import { activation } from './activation.js';
import { carriedState } from './carried-state.js';
import { causalConv } from './causal-conv.js';
import { linear } from './linear.js';
import { hidePadding, type MambaOptions } from './mamba.js';
import { selectiveScan } from './selective-scan.js';

/** x [batch, seq, width] -> the same shape. */
export function headedMamba(scope: Scope, x: Tensor, o: Omit<MambaOptions, 'normalize'> & { heads: number }): Tensor {
  const [batch, seq] = x.shape;
  const { inner, heads, states, rank, layer } = o;
  const each = inner / heads;
  const act = activation(o.activation);
  // Inputs and gates alternate in the projection.
  const pairs = reshape(linear(scope.at('in_proj'), x, 2 * inner, { bias: o.bias }), [batch, seq, inner, 2]);
  const [fresh, gate] = split(pairs, [1, 1], 3).map((part) => reshape(part, [batch, seq, inner]));
  const conv = { kernel: o.kernel, layer, bias: o.convBias };
  const convolved = hidePadding(act(causalConv(scope.at('conv1d'), hidePadding(fresh, o.mask), conv)), o.mask);
  const u = reshape(convolved, [batch, seq, heads, each]);
  const project = (input: Tensor, name: string, from: number, to: number): Tensor => {
    const weight = transpose(scope.parameter(name, [heads, to, from]), [0, 2, 1]);
    return transpose(matmul(transpose(input, [0, 2, 1, 3]), weight), [0, 2, 1, 3]);
  };
  const chosen = project(u, 'x_proj_weight', each, rank + 2 * states);
  const [rawStep, into, from] = split(chosen, [rank, states, states], -1);
  const step = softplus(
    add(project(rawStep, 'dt_proj_weight', rank, each), scope.parameter('dt_proj_bias', [heads, each])),
  );
  const state = carriedState(scope.graph, 'ssm', layer, [batch, heads, states, each], 'float32');
  const { y, last } = selectiveScan({
    u,
    step,
    logA: scope.parameter('A_log', [heads, each, states]),
    b: into,
    c: from,
    start: state.start(),
  });
  state.carry(last);
  const read = reshape(add(y, mul(u, scope.parameter('D', [heads, each]))), [batch, seq, inner]);
  return linear(scope.at('out_proj'), mul(read, act(gate)), x.dim(-1) as number, { bias: o.bias });
}
