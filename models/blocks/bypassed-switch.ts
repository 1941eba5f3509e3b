// Switch experts (Fedus et al. 2021, arXiv:2101.03961) of limited capacity with a layer beside them, as GPTSAN has them.

import { add, cast, reshape, type Scope, type Tensor, tanh } from '../../src/graph/index.js';
import { topOneOfSequence } from './capacity.js';
import { linear } from './linear.js';
import { mlp } from './mlp.js';
import { mixture, routerScores } from './moe.js';

export interface SwitchKeys {
  d_model: number;
  d_ff: number;
  num_experts: number;
  expert_capacity: number;
  router_bias: boolean;
}

/** x [batch, seq, d_model] -> the same shape. Tokens whose expert is full stay as they are; all pass a layer beside the experts too. */
export function bypassedSwitch(scope: Scope, x: Tensor, layer: number, c: SwitchKeys): Tensor {
  const router = scope.at('mlp.router.classifier');
  const flat = routerScores(router, x, c.num_experts, 'float32');
  const plain = reshape(flat, [x.dim(0), x.dim(1), c.num_experts]);
  const bias = (): Tensor => cast(router.parameter('bias', [c.num_experts]), 'float32');
  const scores = c.router_bias ? add(plain, bias()) : plain;
  const mixed = mixture(x, topOneOfSequence(scores, c.expert_capacity, layer), {
    count: c.num_experts,
    expert: (index, rows) => {
      const shape = { hidden: c.d_ff, activation: 'relu', bias: false, names: ['wi', 'wo'] as const };
      return mlp(scope.at(`mlp.experts.expert_${index}`), rows, shape);
    },
    rest: (rows) => rows,
  });
  return add(mixed, tanh(linear(scope.at('soft_bypass_mlp'), x, c.d_model, { bias: false })));
}
