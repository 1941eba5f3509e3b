// The norms that a Mega configuration may choose from, over x [batch, seq, width].

import { add, div, mul, pow, reduceMean, type Scope, sqrt, swapAxes, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { batchNorm, layerNorm } from './norm.js';

const EPSILON = 1e-5;

type Kind = 'scalenorm' | 'layernorm' | 'rmsnorm' | 'batchnorm' | 'syncbatchnorm';

/** @param affine whether the norm has weights of its own */
export function sequenceNorm(scope: Scope, x: Tensor, kind: Kind, affine: boolean): Tensor {
  if (kind === 'layernorm') return layerNorm(scope, x, EPSILON, { scaled: affine });
  // transformers computes the division of 'rmsnorm' and drops it: weights are all that is left
  if (kind === 'rmsnorm') return affine ? mul(x, scope.parameter('weight', [x.dim(2) as number])) : x;
  if (kind === 'scalenorm') {
    const scaled = affine ? mul(x, scope.parameter('scalar', [1])) : x;
    return div(scaled, sqrt(add(reduceMean(pow(x, 2), -1, { keep: true }), EPSILON)));
  }
  if (!affine)
    throw new UsageError(`normalization_type '${kind}' without weights (norm_affine false) is not supported`);
  return swapAxes(batchNorm(scope, swapAxes(x, 1, 2), EPSILON), 1, 2);
}
