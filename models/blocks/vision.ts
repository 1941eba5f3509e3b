// Pieces of vision models: patches, convolution layers, pooling.

import {
  type ConvOptions,
  concat,
  conv,
  dimMul,
  expand,
  reduceMean,
  reshape,
  type Scope,
  type Tensor,
  transpose,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from './activation.js';
import { batchNorm } from './norm.js';

/** A size given as one number or as [height, width]. */
export function pairOf(size: number | number[]): [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : [size[0], size[1]];
}

/** Convolution `<scope>.weight` [width, in / groups, kernel, kernel], and `<scope>.bias` unless `bias` is false. */
export function conv2d(
  scope: Scope,
  x: Tensor,
  width: number,
  kernel: number | number[],
  options: ConvOptions & { bias?: boolean } = {},
): Tensor {
  const weight = scope.parameter('weight', [width, (x.dim(1) as number) / (options.groups ?? 1), ...pairOf(kernel)]);
  return conv(x, weight, (options.bias ?? true) ? scope.parameter('bias', [width]) : null, options);
}

/** pixels [batch, channels, height, width] -> patches [batch, count, width], row by row. */
export function patches(
  scope: Scope,
  pixels: Tensor,
  width: number,
  size: number | number[],
  options: { bias?: boolean } = {},
): Tensor {
  const [height, along] = pairOf(size);
  const [rows, columns] = [pixels.dim(2) as number, pixels.dim(3) as number];
  if (rows < height || columns < along)
    throw new UsageError(`an image of ${rows}x${columns} holds no patch of ${height}x${along}`);
  const map = conv2d(scope, pixels, width, [height, along], { stride: [height, along], ...options });
  return mapToSequence(map);
}

/** [batch, channels, height, width] -> [batch, height * width, channels]. */
export function mapToSequence(x: Tensor): Tensor {
  return transpose(reshape(x, [x.dim(0), x.dim(1), dimMul(x.dim(2), x.dim(3))]), [0, 2, 1]);
}

/** Puts a learned token [1, 1, width] before every sequence [batch, count, width]. */
export function withToken(token: Tensor, x: Tensor): Tensor {
  return concat([expand(token, [x.dim(0), 1, x.dim(2)]), x], 1);
}

/** Convolution, batch norm, activation: `<scope>.convolution`, `<scope>.normalization`. Padding keeps the size at stride 1. */
export function convNorm(
  scope: Scope,
  x: Tensor,
  width: number,
  options: { kernel?: number; stride?: number; act?: string | null; groups?: number; epsilon?: number } = {},
): Tensor {
  const kernel = options.kernel ?? 3;
  const made = conv2d(scope.at('convolution'), x, width, kernel, {
    stride: [options.stride ?? 1],
    padding: [Math.floor(kernel / 2)],
    groups: options.groups,
    bias: false,
  });
  const normal = batchNorm(scope.at('normalization'), made, options.epsilon);
  return options.act ? activation(options.act)(normal) : normal;
}

/** Mean over the places of a map: [batch, channels, height, width] -> [batch, channels]. */
export const globalAverage = (x: Tensor): Tensor => reduceMean(x, [2, 3]);
