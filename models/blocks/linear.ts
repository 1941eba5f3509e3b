// Linear layers: y = x W^T + b over the last axis.

import {
  add,
  cast,
  type Dim,
  dimProduct,
  gather,
  gemm,
  matmul,
  mul,
  type ParameterOptions,
  reshape,
  type Scope,
  type Tensor,
} from '../../src/graph/index.js';

export interface LinearOptions {
  /** Whether the layer has a bias (default true). */
  bias?: boolean;
  /** The checkpoint stores [in, out], as GPT-2's Conv1D does. */
  inOut?: boolean;
  /** Name of the weight under the scope (default weight). */
  weight?: string;
  /** The checkpoint stacks the weights of several layers along the first axis: which of them, and the shape of the whole. */
  stack?: { index: number; shape: number[] };
}

/** x [..., in] -> [..., width]; weight `<scope>.weight` [width, in], bias `<scope>.bias` [width]. */
export function linear(scope: Scope, x: Tensor, width: number, options: LinearOptions = {}): Tensor {
  const y = product(scope, x, width, options);
  return (options.bias ?? true) ? add(y, scope.parameter('bias', [width])) : y;
}

function product(scope: Scope, x: Tensor, width: number, options: LinearOptions): Tensor {
  const inner = x.dim(-1) as number;
  const { linearWeights } = scope.graph.options;
  const { inOut } = options;
  const weight = weightOf(scope, inner * width, options);
  if (linearWeights === 'int8') return int8Product(weight, x, inner, width);
  if (linearWeights === 'int4') return int4Product(weight, x, inner, width);
  return matmul(x, inOut ? weight.parameter([inner, width]) : weight.parameter([width, inner], { transposed: true }));
}

/** How a weight is asked for: by name and, for a slice of a stack, where it lies in the whole. */
interface Weight {
  name: string;
  inOut: boolean;
  parameter: (shape: number[], stored?: ParameterOptions) => Tensor;
}

function weightOf(scope: Scope, size: number, { weight = 'weight', stack, inOut = false }: LinearOptions): Weight {
  const name = stack ? `${scope.join(weight)}[${stack.index}]` : scope.join(weight);
  const slice = stack ? { slice: { of: stack.shape, start: stack.index * size } } : {};
  return {
    name,
    inOut,
    parameter: (shape, stored = {}) => scope.parameter(weight, shape, { name, ...slice, ...stored }),
  };
}

/** A part of the packed form of a weight. */
function packed(
  { name, inOut, parameter }: Weight,
  [inner, width]: readonly [number, number],
  pack: NonNullable<ParameterOptions['pack']>,
  stored: Pick<ParameterOptions, 'dtype' | 'storedShape'>,
): Tensor {
  return parameter(inOut ? [inner, width] : [width, inner], {
    name: `${name}_${pack.scheme.split('-')[0]}_${pack.part}`,
    ...stored,
    pack: inOut ? { ...pack, inOut } : pack,
  });
}

/** Dynamic quantisation: activations per tensor to uint8 at run time, weights per output channel to int8 beforehand. */
function int8Product(weight: Weight, x: Tensor, inner: number, width: number): Tensor {
  const part = (name: 'values' | 'scales', dtype: 'int8' | 'float32', storedShape: number[]): Tensor =>
    packed(weight, [inner, width], { scheme: 'int8-column', part: name }, { dtype, storedShape });
  const single = cast(x, 'float32');
  const [values, scale, zero] = x.graph.node('DynamicQuantizeLinear', [single], {}, [
    { dtype: 'uint8', shape: x.shape },
    { dtype: 'float32', shape: [] },
    { dtype: 'uint8', shape: [] },
  ]);
  const shape: Dim[] = [...x.shape.slice(0, -1), width];
  const [sums] = x.graph.node('MatMulInteger', [values, part('values', 'int8', [inner, width]), zero], {}, [
    { dtype: 'int32', shape },
  ]);
  return cast(mul(cast(sums, 'float32'), mul(scale, part('scales', 'float32', [width]))), x.dtype);
}

/** Weights in blocks of 32 along the input, 4 bits each with one scale: ONNX Runtime's MatMulNBits. */
function int4Product(weight: Weight, x: Tensor, inner: number, width: number): Tensor {
  const g = x.graph;
  const blocks = Math.ceil(inner / 32);
  const part = (name: 'values' | 'scales', dtype: Tensor['dtype'], storedShape: number[]): Tensor =>
    packed(weight, [inner, width], { scheme: 'int4-block32', part: name }, { dtype, storedShape });
  const values = part('values', 'uint8', [width, blocks, 16]);
  const scales = part('scales', g.options.dtype, [width * blocks]);
  const shape: Dim[] = [...x.shape.slice(0, -1), width];
  return x.graph.node(
    'MatMulNBits',
    [x, values, scales],
    { K: inner, N: width, bits: 4, block_size: 32, accuracy_level: 4 },
    [{ dtype: x.dtype, shape }],
    'com.microsoft',
  )[0];
}

/** Each of `groups` parts of the features has its own layer: weight [groups, in / groups, width / groups], bias [width]. */
export function groupedLinear(scope: Scope, x: Tensor, width: number, groups: number): Tensor {
  const [batch, seq, inner] = [x.dim(0), x.dim(1), x.dim(2) as number];
  const weight = scope.parameter('weight', [groups, inner / groups, width / groups]);
  const parts = reshape(x, [batch, seq, groups, 1, inner / groups]);
  return add(reshape(matmul(parts, weight), [batch, seq, width]), scope.parameter('bias', [width]));
}

/**
 * x [..., in] times a weight [out, in] that is used elsewhere in that layout (a tied embedding): stored once.
 * Gemm reads it transposed, so no second copy is made.
 */
export function sharedProduct(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const width = weight.dim(0);
  const flat = reshape(x, [flatRows(x), x.dim(-1)]);
  return reshape(gemm(flat, weight, bias, { transB: true }), [...x.shape.slice(0, -1), width]);
}

const flatRows = (x: Tensor): Dim => dimProduct(x.shape.slice(0, -1));

export interface Embedding {
  weight: Tensor;
  /** ids [...] -> [..., width]. */
  lookup: (ids: Tensor) => Tensor;
  /** x [..., width] -> [..., count], with the same weight. */
  project: (x: Tensor, bias?: Tensor | null) => Tensor;
}

/** A table `<scope>.weight` [count, width]. */
export function embedding(scope: Scope, count: number, width: number): Embedding {
  const weight = scope.parameter('weight', [count, width]);
  return {
    weight,
    lookup: (ids) => gather(weight, ids),
    project: (x, bias = null) => sharedProduct(x, weight, bias),
  };
}
