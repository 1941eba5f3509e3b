// A short convolution over time in which every channel stands alone and no place sees later ones (Mamba, Griffin).

import { concat, conv, dimAdd, type Scope, slice, type Tensor, transpose } from '../../src/graph/index.js';
import { carriedState } from './carried-state.js';

export interface CausalConvOptions {
  kernel: number;
  /** Number of the layer: the last kernel - 1 inputs are carried from run to run. */
  layer: number;
  /** Whether there is a bias (default true). */
  bias?: boolean;
}

/** x [batch, seq, width] -> the same shape; weight `<scope>.weight` [width, 1, kernel], as torch's Conv1d has it. */
export function causalConv(scope: Scope, x: Tensor, { kernel, layer, bias }: CausalConvOptions): Tensor {
  const [batch, seq, width] = x.shape;
  const before = kernel - 1;
  const state = carriedState(scope.graph, 'conv', layer, [batch, width, before]);
  const fresh = transpose(x, [0, 2, 1]);
  const input = state.past ? concat([state.past, fresh], 2) : fresh;
  if (state.past) state.carry(slice(input, 2, seq, dimAdd(seq, before)));
  const made = conv(
    input,
    scope.parameter('weight', [width as number, 1, kernel]),
    (bias ?? true) ? scope.parameter('bias', [width as number]) : null,
    { groups: width as number, padding: state.past ? [0, 0] : [before, 0] },
  );
  return transpose(made, [0, 2, 1]);
}
