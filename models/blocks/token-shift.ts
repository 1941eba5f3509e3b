// A token mixed with the one before it, as RWKV does (Peng et al. 2023, arXiv:2305.13048, section 3.1).

import { add, concat, mul, reshape, type Scope, slice, sub, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { carriedState } from './carried-state.js';

/** Mixes each token x [batch, seq, width] with the one before it, by the weights `time_mix_NAME` of the part that asks. */
export function tokenShift(scope: Scope, x: Tensor, kind: string, layer: number): (name: string) => Tensor {
  const [batch, seq, width] = x.shape;
  const state = carriedState(scope.graph, kind, layer, [batch, width]);
  const all = concat([unsqueeze(state.start(), 1), x], 1);
  if (state.past) state.carry(reshape(slice(x, 1, -1), [batch, width]));
  const before = slice(all, 1, 0, seq);
  return (name) => {
    const own = scope.parameter(`time_mix_${name}`, [1, 1, width as number]);
    return add(mul(x, own), mul(before, sub(1, own)));
  };
}
