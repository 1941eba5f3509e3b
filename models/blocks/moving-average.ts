// Mega's damped moving average (Ma et al. 2022, arXiv:2209.10655): each feature is spread over a few dimensions that decay at their
// own rates, and their weighted sum is a convolution along the sequence, as long as the sequence itself. It is computed directly,
// by Conv: seq^2 products per feature, the order of the attention that follows it.

import {
  add,
  cast,
  type Dim,
  dimSub,
  exp,
  log,
  matmul,
  mul,
  pad,
  range,
  type Scope,
  sigmoid,
  slice,
  squeeze,
  sub,
  swapAxes,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';

export interface AverageOptions {
  /** Dimensions of each feature. */
  dimensions: number;
  /** A second average runs from the end to the start. */
  bidirectional: boolean;
}

/** x [batch, seq, width] -> the same shape. */
export function movingAverage(scope: Scope, x: Tensor, o: AverageOptions): Tensor {
  const [batch, seq, width] = [x.dim(0), x.dim(1), x.dim(2) as number];
  const reach = dimSub(seq, 1);
  const lags = cast(range(x.graph, seq), 'float32');
  const weights = averageWeights(scope, o.bidirectional ? 2 * width : width, o.dimensions);
  // Conv does not turn its kernels, so the farthest place of the past comes first
  const past = weights(sub(cast(x.graph.size(reach), 'float32'), lags), 0, width);
  const kernel = o.bidirectional
    ? add(padLast(past, 0, reach), padLast(weights(lags, width, 2 * width), reach, 0))
    : past;
  const [made] = x.graph.node(
    'Conv',
    [padLast(swapAxes(x, 1, 2), reach, o.bidirectional ? reach : 0), cast(unsqueeze(kernel, 1), x.dtype)],
    { group: width, strides: [1], dilations: [1], pads: [0, 0] },
    [{ dtype: x.dtype, shape: [batch, width, seq] }],
  );
  return swapAxes(made, 1, 2);
}

const padLast = (x: Tensor, before: Dim, after: Dim): Tensor => {
  const amounts = (amount: Dim): Dim[] => x.shape.map((_, axis) => (axis === x.rank - 1 ? amount : 0));
  return pad(x, amounts(before), amounts(after));
};

/** Weights of places by their distance: lags float32 [seq], a range of rows -> float32 [rows, seq]. */
function averageWeights(
  scope: Scope,
  rows: number,
  dimensions: number,
): (lags: Tensor, from: number, to: number) => Tensor {
  const factor = (name: string): Tensor => cast(scope.parameter(name, [rows, dimensions, 1]), 'float32');
  const damping = sigmoid(factor('damping_factor'));
  const decay = log(sub(1, mul(damping, sigmoid(factor('decay_factor')))));
  const inflow = mul(damping, factor('ema_expansion_matrix'));
  const outflow = cast(scope.parameter('kernel_projection_matrix', [rows, dimensions]), 'float32');
  const sums = mul(unsqueeze(outflow, 1), 1 / Math.sqrt(dimensions)); // [rows, 1, dimensions]
  return (lags, from, to) => {
    const cut = (x: Tensor): Tensor => slice(x, 0, from, to);
    const kernel = mul(cut(inflow), exp(mul(cut(decay), lags))); // [rows, dimensions, seq]
    return squeeze(matmul(cut(sums), kernel), 1);
  };
}
