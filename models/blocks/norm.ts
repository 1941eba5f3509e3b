// Normalisation layers.

import {
  add,
  batchNormalization,
  cast,
  div,
  layerNormalization,
  maximum,
  mul,
  pow,
  reduceMean,
  reduceSum,
  type Scope,
  simplifiedLayerNormalization,
  sqrt,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';

/**
 * LayerNorm over the last axis: `<scope>.weight`, and `<scope>.bias` unless `bias` is false.
 * @param options.offset added to the weight (Nemotron stores weight - 1)
 * @param options.scaled false: the norm has neither weight nor bias
 */
export function layerNorm(
  scope: Scope,
  x: Tensor,
  epsilon: number,
  options: { bias?: boolean; offset?: number; scaled?: boolean } = {},
): Tensor {
  const width = x.dim(-1) as number;
  if (options.scaled === false) return standardize(x, epsilon);
  const weight = scope.parameter('weight', [width]);
  return layerNormalization(
    x,
    options.offset ? add(weight, options.offset) : weight,
    (options.bias ?? true) ? scope.parameter('bias', [width]) : null,
    epsilon,
  );
}

/** (x - mean) / sqrt(var + eps) over the last axis. */
function standardize(x: Tensor, epsilon: number): Tensor {
  const ones = x.graph.constant(Array(x.dim(-1) as number).fill(1), x.dtype);
  return layerNormalization(x, ones, null, epsilon);
}

/** LayerNorm over the width of each head, x [batch, heads, seq, width], with weights of each head's own: [heads, width]. */
export function headNorm(weight: Tensor, x: Tensor, epsilon: number): Tensor {
  return mul(standardize(x, epsilon), unsqueeze(weight, 1));
}

/**
 * RMSNorm over the last axis: x / sqrt(mean(x^2) + eps) * weight, in float32 as transformers computes it.
 * @param options.offset added to the weight (Gemma stores weight - 1)
 * @param options.scaled false: the norm has no weight
 */
export function rmsNorm(
  scope: Scope,
  x: Tensor,
  epsilon: number,
  options: { offset?: number; scaled?: boolean; name?: string } = {},
): Tensor {
  if (x.graph.options.style === 'fused') {
    const width = x.dim(-1) as number;
    if (options.scaled === false)
      return simplifiedLayerNormalization(x, x.graph.constant(Array(width).fill(1), x.dtype), epsilon);
    const weight = scope.parameter(options.name ?? 'weight', [width]);
    return simplifiedLayerNormalization(x, options.offset ? add(weight, options.offset) : weight, epsilon);
  }
  const wide = cast(x, 'float32');
  const normal = div(wide, sqrt(add(reduceMean(mul(wide, wide), -1, { keep: true }), epsilon)));
  if (options.scaled === false) return cast(normal, x.dtype);
  const weight = scope.parameter(options.name ?? 'weight', [x.dim(-1) as number]);
  if (options.offset) return cast(mul(normal, add(cast(weight, 'float32'), options.offset)), x.dtype);
  return mul(cast(normal, x.dtype), weight);
}

/** Norms of queries and keys over the width of a head, with weights that all heads share. */
export const headNorms =
  (norm: (scope: Scope, x: Tensor) => Tensor, names: readonly [query: string, key: string] = ['q_norm', 'k_norm']) =>
  (attention: Scope): { query: (x: Tensor) => Tensor; key: (x: Tensor) => Tensor } => ({
    query: (x) => norm(attention.at(names[0]), x),
    key: (x) => norm(attention.at(names[1]), x),
  });

/** BatchNorm with running statistics over axis 1 of [batch, channels, ...]. */
export function batchNorm(scope: Scope, x: Tensor, epsilon = 1e-5): Tensor {
  const width = [x.dim(1) as number];
  return batchNormalization(
    x,
    scope.parameter('weight', width),
    scope.parameter('bias', width),
    scope.buffer('running_mean', width),
    scope.buffer('running_var', width),
    epsilon,
  );
}

/** Divides by the Euclidean norm over an axis, as torch.nn.functional.normalize does. */
export function unitNorm(x: Tensor, axis = -1, epsilon = 1e-12): Tensor {
  return div(x, maximum(sqrt(reduceSum(pow(x, 2), axis, { keep: true })), epsilon));
}
