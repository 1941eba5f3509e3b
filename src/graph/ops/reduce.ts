// Sums, means and extremes along axes.

import { axisOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, exp, log, sub } from './elementwise.js';
import { squeeze } from './shape.js';

function reduced(x: Tensor, axes: number[], keep: boolean): (number | string)[] {
  return keep
    ? x.shape.map((dim, index) => (axes.includes(index) ? 1 : dim))
    : x.shape.filter((_, index) => !axes.includes(index));
}

const reduction =
  (op: string) =>
  (x: Tensor, axes: number | number[], options: { keep?: boolean } = {}): Tensor => {
    const places = (typeof axes === 'number' ? [axes] : axes).map((axis) => axisOf(axis, x.rank, op));
    const shape = reduced(x, places, options.keep ?? false);
    return x.graph.node(op, [x, x.graph.constant(places, 'int64')], { keepdims: options.keep ? 1 : 0 }, [
      { dtype: x.dtype, shape },
    ])[0];
  };

export const reduceSum = reduction('ReduceSum');
export const reduceMean = reduction('ReduceMean');
export const reduceMax = reduction('ReduceMax');
export const reduceMin = reduction('ReduceMin');
export const reduceProd = reduction('ReduceProd');
export const reduceL1 = reduction('ReduceL1');
export const reduceL2 = reduction('ReduceL2');

/**
 * log(sum(exp(x))) of finite values, the largest taken out first. ONNX leaves out how ReduceLogSumExp computes it, and some
 * providers overflow: WebGPU (ONNX Runtime 1.30) says infinity for 100 and 100, DirectML too (microsoft/onnxruntime#29099).
 */
export function reduceLogSumExp(x: Tensor, axes: number | number[], { keep = false }: { keep?: boolean } = {}): Tensor {
  const largest = reduceMax(x, axes, { keep: true });
  const rest = log(reduceSum(exp(sub(x, largest)), axes, { keep }));
  return add(rest, keep ? largest : squeeze(largest, ...[axes].flat()));
}

const argument =
  (op: string) =>
  (x: Tensor, axis: number, options: { keep?: boolean } = {}): Tensor => {
    const place = axisOf(axis, x.rank, op);
    const shape = reduced(x, [place], options.keep ?? false);
    return x.graph.node(op, [x], { axis: place, keepdims: options.keep ? 1 : 0 }, [{ dtype: 'int64', shape }])[0];
  };

/** Place of the first largest value (int64). */
export const argMax = argument('ArgMax');
export const argMin = argument('ArgMin');
