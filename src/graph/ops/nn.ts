// Operators of neural networks: normalisation, activations with parameters, convolution, pooling, resampling.

import { type Dim, dimAdd, dimDiv, dimMul, shapeText } from '../dim.js';
import type { Attribute } from '../graph.js';
import { GraphError } from '../graph-error.js';
import { axisOf, expectSame, graphOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

export function softmax(x: Tensor, axis = -1): Tensor {
  return x.graph.node('Softmax', [x], { axis: axisOf(axis, x.rank, 'Softmax') }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return x.graph.node('LogSoftmax', [x], { axis: axisOf(axis, x.rank, 'LogSoftmax') }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

/** Normalises the axes from `axis` on: (x - mean) / sqrt(var + eps) * scale + bias. */
export function layerNormalization(x: Tensor, scale: Tensor, bias: Tensor | null, epsilon: number, axis = -1): Tensor {
  expectSame(scale.dim(-1), x.dim(-1), scale, x, 'LayerNormalization');
  const inputs = bias ? [x, scale, bias] : [x, scale];
  return graphOf(...inputs).node(
    'LayerNormalization',
    inputs,
    { axis: axisOf(axis, x.rank, 'LayerNormalization'), epsilon: { float: epsilon } },
    [{ dtype: x.dtype, shape: x.shape }],
  )[0];
}

/** x / sqrt(mean(x^2) + eps) * scale over the last axis, in float32: ONNX Runtime's own, though of the ONNX domain. */
export function simplifiedLayerNormalization(x: Tensor, scale: Tensor, epsilon: number): Tensor {
  expectSame(scale.dim(-1), x.dim(-1), scale, x, 'SimplifiedLayerNormalization');
  return graphOf(x, scale).node(
    'SimplifiedLayerNormalization',
    [x, scale],
    { axis: -1, epsilon: { float: epsilon }, stash_type: 1 },
    [{ dtype: x.dtype, shape: x.shape }],
  )[0];
}

/** Inference form, over axis 1. */
export function batchNormalization(
  x: Tensor,
  scale: Tensor,
  bias: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): Tensor {
  return x.graph.node('BatchNormalization', [x, scale, bias, mean, variance], { epsilon: { float: epsilon } }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

export function instanceNormalization(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  return x.graph.node('InstanceNormalization', [x, scale, bias], { epsilon: { float: epsilon } }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

export interface ConvOptions {
  stride?: number[];
  dilation?: number[];
  /** Padding at the start of each spatial axis, then at the end of each; or one number per axis for both. */
  padding?: number[];
  groups?: number;
}

const spread = (list: number[] | undefined, count: number, value: number): number[] =>
  list === undefined ? Array(count).fill(value) : list.length === 1 ? Array(count).fill(list[0]) : list;

function paddings(list: number[] | undefined, count: number): number[] {
  const given = spread(list, count, 0);
  return given.length === count ? [...given, ...given] : given;
}

/** x [batch, in, ...space], weight [out, in / groups, ...kernel] -> [batch, out, ...]. */
export function conv(x: Tensor, weight: Tensor, bias: Tensor | null, options: ConvOptions = {}): Tensor {
  const space = x.rank - 2;
  const kernel = weight.shape.slice(2) as number[];
  const groups = options.groups ?? 1;
  if (kernel.length !== space || x.dim(1) !== (weight.dim(1) as number) * groups) {
    throw new GraphError(`Conv: ${shapeText(x.shape)} with weight ${shapeText(weight.shape)} in ${groups} groups`);
  }
  const strides = spread(options.stride, space, 1);
  const dilations = spread(options.dilation, space, 1);
  const pads = paddings(options.padding, space);
  const shape = [
    x.dim(0),
    weight.dim(0),
    ...kernel.map((size, i) => convolved(x.dim(i + 2), size, strides[i], dilations[i], pads[i] + pads[i + space])),
  ];
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return graphOf(...inputs).node('Conv', inputs, { kernel_shape: kernel, strides, dilations, pads, group: groups }, [
    { dtype: x.dtype, shape },
  ])[0];
}

/** Size of an axis after a window: floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1. */
export function convolved(
  size: Dim,
  kernel: number,
  stride: number,
  dilation: number,
  padding: number,
  ceil = false,
): Dim {
  const room = dimAdd(size, padding - dilation * (kernel - 1) - 1 + (ceil ? stride - 1 : 0));
  return dimAdd(dimDiv(room, stride), 1);
}

/** x [batch, in, ...space], weight [in, out / groups, ...kernel]. */
export function convTranspose(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvOptions & { outputPadding?: number[] } = {},
): Tensor {
  const space = x.rank - 2;
  const kernel = weight.shape.slice(2) as number[];
  const groups = options.groups ?? 1;
  expectSame(x.dim(1), weight.dim(0), x, weight, 'ConvTranspose');
  const strides = spread(options.stride, space, 1);
  const dilations = spread(options.dilation, space, 1);
  const pads = paddings(options.padding, space);
  const extra = spread(options.outputPadding, space, 0);
  const shape = [
    x.dim(0),
    dimMul(weight.dim(1), groups),
    ...kernel.map((size, i) =>
      dimAdd(
        dimMul(dimAdd(x.dim(i + 2), -1), strides[i]),
        dilations[i] * (size - 1) + 1 + extra[i] - pads[i] - pads[i + space],
      ),
    ),
  ];
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return graphOf(...inputs).node(
    'ConvTranspose',
    inputs,
    { kernel_shape: kernel, strides, dilations, pads, group: groups, output_padding: extra },
    [{ dtype: x.dtype, shape }],
  )[0];
}

export interface PoolOptions {
  kernel: number[];
  stride?: number[];
  padding?: number[];
  ceil?: boolean;
  /** Average pooling: whether padding counts as values (PyTorch's default does). */
  countPadding?: boolean;
}

function pool(op: 'MaxPool' | 'AveragePool', x: Tensor, options: PoolOptions): Tensor {
  const space = x.rank - 2;
  const kernel = spread(options.kernel, space, 1);
  const strides = spread(options.stride, space, 1);
  const pads = paddings(options.padding, space);
  const shape = [
    x.dim(0),
    x.dim(1),
    ...kernel.map((size, i) => convolved(x.dim(i + 2), size, strides[i], 1, pads[i] + pads[i + space], options.ceil)),
  ];
  const attributes: Record<string, Attribute> = {
    kernel_shape: kernel,
    strides,
    pads,
    ceil_mode: options.ceil ? 1 : 0,
  };
  if (op === 'AveragePool') attributes.count_include_pad = (options.countPadding ?? true) ? 1 : 0;
  return x.graph.node(op, [x], attributes, [{ dtype: x.dtype, shape }])[0];
}

export const maxPool = (x: Tensor, options: PoolOptions): Tensor => pool('MaxPool', x, options);
export const averagePool = (x: Tensor, options: PoolOptions): Tensor => pool('AveragePool', x, options);

export interface ResizeOptions {
  mode: 'nearest' | 'linear' | 'cubic';
  coordinates: 'half_pixel' | 'align_corners' | 'asymmetric' | 'pytorch_half_pixel';
  antialias?: boolean;
  cubicCoefficient?: number;
  nearest?: 'floor' | 'round_prefer_floor';
}

/** Resamples the spatial axes to these sizes. */
export function resize(x: Tensor, space: Dim[], options: ResizeOptions): Tensor {
  const graph = x.graph;
  const shape = [x.dim(0), x.dim(1), ...space];
  const sizes = graph.node(
    'Concat',
    shape.map((dim) => graph.size(dim)),
    { axis: 0 },
    [{ dtype: 'int64', shape: [shape.length] }],
  )[0];
  const attributes: Record<string, Attribute> = {
    mode: options.mode,
    coordinate_transformation_mode: options.coordinates,
    antialias: options.antialias ? 1 : 0,
    cubic_coeff_a: { float: options.cubicCoefficient ?? -0.75 },
    nearest_mode: options.nearest ?? 'floor',
  };
  return graph.node('Resize', [x, null, null, sizes], attributes, [{ dtype: x.dtype, shape }])[0];
}

/** Samples x [batch, channels, height, width] at grid [batch, ...space, 2] of (x, y) in [-1, 1]. */
export function gridSample(
  x: Tensor,
  grid: Tensor,
  options: {
    mode?: 'linear' | 'nearest' | 'cubic';
    padding?: 'zeros' | 'border' | 'reflection';
    alignCorners?: boolean;
  } = {},
): Tensor {
  const shape = [x.dim(0), x.dim(1), ...grid.shape.slice(1, -1)];
  const attributes = {
    mode: options.mode ?? 'linear',
    padding_mode: options.padding ?? 'zeros',
    align_corners: options.alignCorners ? 1 : 0,
  };
  return graphOf(x, grid).node('GridSample', [x, grid], attributes, [{ dtype: x.dtype, shape }])[0];
}
