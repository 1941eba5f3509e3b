// A convolution over neighbouring places of a sequence.

import { type ConvOptions, conv, type Scope, swapAxes, type Tensor } from '../../src/graph/index.js';

/** x [batch, seq, in] -> [batch, places, width]; `<scope>.weight` [width, in / groups, kernel] and bias, as torch's Conv1d has them. */
export function neighbourConv(scope: Scope, x: Tensor, width: number, kernel: number, options: ConvOptions): Tensor {
  const weight = scope.parameter('weight', [width, (x.dim(2) as number) / (options.groups ?? 1), kernel]);
  const bias = scope.parameter('bias', [width]);
  return swapAxes(conv(swapAxes(x, 1, 2), weight, bias, options), 1, 2);
}
