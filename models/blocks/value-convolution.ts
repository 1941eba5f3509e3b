// A convolution of the values along the sequence, one kernel for each head: what Nystromformer and YOSO add to their attention.

import { conv, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

/** v [batch, heads, seq, width] -> the same shape; weight `<scope>.weight` [heads, 1, kernel, 1]. */
export function valueConvolution(scope: Scope, v: Tensor, kernel: number): Tensor {
  if (kernel % 2 === 0)
    throw new UsageError(`${scope.path}: a convolution of the values needs an odd width, not ${kernel}`);
  const heads = v.dim(1) as number;
  const weight = scope.parameter('weight', [heads, 1, kernel, 1]);
  return conv(v, weight, null, { padding: [(kernel - 1) / 2, 0], groups: heads });
}
