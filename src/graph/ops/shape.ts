// Operators that move, join, cut and select values.

import type { DType } from '../../util/tensor.js';
import { type Dim, dimAdd, dimCeilDiv, dimMul, dimProduct, dimSub, shapeText } from '../dim.js';
import type { Attribute, Graph } from '../graph.js';
import { GraphError } from '../graph-error.js';
import { axisOf, broadcast, graphOf, unifyDim } from '../shape.js';
import type { Tensor } from '../tensor.js';

const ints = (graph: Graph, values: number[]): Tensor => graph.constant(values, 'int64');

/** A list of dimensions as an int64 tensor [rank]. */
export function shapeTensor(graph: Graph, dims: readonly Dim[]): Tensor {
  if (dims.every((dim) => typeof dim === 'number')) return ints(graph, dims as number[]);
  return concat(
    dims.map((dim) => graph.size(dim)),
    0,
  );
}

/** Reads the same values in row-major order under another shape. */
export function reshape(x: Tensor, dims: readonly Dim[]): Tensor {
  const from = dimProduct(x.shape);
  const to = dimProduct(dims);
  const unknown = [...x.shape, ...dims].some((dim) => typeof dim === 'string' && dim.startsWith('?'));
  if (from !== to && !unknown)
    throw new GraphError(`Reshape: ${shapeText(x.shape)} has ${from} values, ${shapeText(dims)} has ${to}`);
  if (`${x.shape}` === `${dims}`) return x;
  // 0 copies the dimension of the same place, -1 is what remains: enough for most shapes without computing sizes.
  let wild = 0;
  const spec = dims.map((dim, index) => {
    if (typeof dim === 'number') return dim;
    if (dim === x.shape[index]) return 0;
    wild++;
    return -1;
  });
  const copies = wild <= 1 && !dims.includes(0);
  const target = copies ? ints(x.graph, spec) : shapeTensor(x.graph, dims);
  // a computed size may turn out to be 0, which then means none
  const attributes: Record<string, Attribute> = copies ? {} : { allowzero: 1 };
  return graphOf(x, target).node('Reshape', [x, target], attributes, [{ dtype: x.dtype, shape: dims }])[0];
}

export function transpose(x: Tensor, perm: number[]): Tensor {
  if (perm.length !== x.rank || [...perm].sort((a, b) => a - b).some((axis, index) => axis !== index)) {
    throw new GraphError(`Transpose: [${perm}] does not permute the axes of ${shapeText(x.shape)}`);
  }
  if (perm.every((axis, index) => axis === index)) return x;
  return x.graph.node('Transpose', [x], { perm }, [{ dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]) }])[0];
}

/** Exchanges two axes. */
export function swapAxes(x: Tensor, a: number, b: number): Tensor {
  const perm = x.shape.map((_, index) => index);
  const [i, j] = [axisOf(a, x.rank, 'swapAxes'), axisOf(b, x.rank, 'swapAxes')];
  [perm[i], perm[j]] = [perm[j], perm[i]];
  return transpose(x, perm);
}

/** Adds axes of size 1 at these places of the result. */
export function unsqueeze(x: Tensor, ...axes: number[]): Tensor {
  const rank = x.rank + axes.length;
  const places = axes.map((axis) => axisOf(axis, rank, 'Unsqueeze')).sort((a, b) => a - b);
  const shape: Dim[] = [...x.shape];
  for (const place of places) shape.splice(place, 0, 1);
  return x.graph.node('Unsqueeze', [x, ints(x.graph, places)], {}, [{ dtype: x.dtype, shape }])[0];
}

/** Removes axes of size 1. */
export function squeeze(x: Tensor, ...axes: number[]): Tensor {
  const places = axes.map((axis) => axisOf(axis, x.rank, 'Squeeze')).sort((a, b) => a - b);
  for (const place of places)
    if (x.shape[place] !== 1) throw new GraphError(`Squeeze: axis ${place} of ${shapeText(x.shape)} is not 1`);
  const shape = x.shape.filter((_, index) => !places.includes(index));
  return x.graph.node('Squeeze', [x, ints(x.graph, places)], {}, [{ dtype: x.dtype, shape }])[0];
}

export function concat(parts: Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0];
  const place = axisOf(axis, parts[0].rank, 'Concat');
  const shape: Dim[] = [...parts[0].shape];
  for (const part of parts.slice(1)) {
    if (part.rank !== shape.length || part.dtype !== parts[0].dtype) {
      throw new GraphError(
        `Concat: ${parts[0].dtype}${shapeText(parts[0].shape)} and ${part.dtype}${shapeText(part.shape)}`,
      );
    }
    part.shape.forEach((dim, index) => {
      if (index !== place) {
        const joined = unifyDim(shape[index], dim);
        if (joined === null)
          throw new GraphError(`Concat along ${place}: ${shapeText(parts[0].shape)} and ${shapeText(part.shape)}`);
        shape[index] = joined;
      }
    });
  }
  shape[place] = dimAdd(...parts.map((part) => part.shape[place]));
  return graphOf(...parts).node('Concat', parts, { axis: place }, [{ dtype: parts[0].dtype, shape }])[0];
}

/** Cuts an axis into parts of these sizes. */
export function split(x: Tensor, sizes: number[], axis: number): Tensor[] {
  const place = axisOf(axis, x.rank, 'Split');
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (unifyDim(x.shape[place], total) === null)
    throw new GraphError(`Split: axis ${place} of ${shapeText(x.shape)} into [${sizes}]`);
  if (sizes.length === 1) return [x];
  const results = sizes.map((size) => ({
    dtype: x.dtype,
    shape: x.shape.map((dim, index) => (index === place ? size : dim)),
  }));
  return x.graph.node('Split', [x, ints(x.graph, sizes)], { axis: place }, results);
}

/** Cuts an axis into `count` equal parts. */
export function chunk(x: Tensor, count: number, axis: number): Tensor[] {
  const size = x.dim(axis);
  if (typeof size !== 'number' || size % count !== 0)
    throw new GraphError(`chunk: axis ${axis} of ${shapeText(x.shape)} into ${count} parts`);
  return split(
    x,
    Array.from({ length: count }, () => size / count),
    axis,
  );
}

/** End of an axis for `slice`. */
export const END = Number.MAX_SAFE_INTEGER;

/**
 * Values [start, end) of an axis, with step. Negative numbers count from the end; symbolic dimensions count from the start.
 * A symbolic `end` must not exceed the axis.
 */
export function slice(x: Tensor, axis: number, start: Dim, end: Dim = END, step = 1): Tensor {
  const place = axisOf(axis, x.rank, 'Slice');
  const size = x.shape[place];
  const absolute = (bound: Dim): Dim => {
    if (typeof bound !== 'number') return bound;
    if (bound === END) return size;
    if (bound < 0) return typeof size === 'number' ? Math.max(0, size + bound) : dimAdd(size, bound);
    return typeof size === 'number' ? Math.min(bound, size) : bound;
  };
  let length: Dim;
  if (step === 1) {
    length = dimSub(absolute(end), absolute(start));
    if (typeof length === 'number') length = Math.max(0, length);
  } else if (step === -1 && start === -1) {
    length = size; // the whole axis, reversed
  } else {
    const span = dimSub(absolute(end), absolute(start));
    length = typeof span === 'number' ? Math.max(0, Math.ceil(span / step)) : dimCeilDiv(span, step);
  }
  if (step === 1 && length === size) return x;
  const graph = x.graph;
  if (typeof end === 'string' && typeof size === 'number') graph.limit(end, size);
  const bound = (value: Dim): Tensor => (typeof value === 'number' ? ints(graph, [value]) : graph.size(value));
  const last = step < 0 && end === END ? ints(graph, [-END]) : bound(end);
  const inputs = [x, bound(start), last, ints(graph, [place]), ints(graph, [step])];
  return graphOf(...inputs).node('Slice', inputs, {}, [
    { dtype: x.dtype, shape: x.shape.map((dim, index) => (index === place ? length : dim)) },
  ])[0];
}

/** Repeats axes of size 1 so that the tensor has this shape (NumPy broadcasting). */
export function expand(x: Tensor, dims: readonly Dim[]): Tensor {
  const shape = broadcast(x.shape, dims, 'Expand');
  if (`${shape}` === `${x.shape}`) return x;
  const target = shapeTensor(x.graph, dims);
  return graphOf(x, target).node('Expand', [x, target], {}, [{ dtype: x.dtype, shape }])[0];
}

/** Repeats the whole tensor along each axis. */
export function tile(x: Tensor, repeats: number[]): Tensor {
  const shape = x.shape.map((dim, index) => dimMul(dim, repeats[index]));
  return x.graph.node('Tile', [x, ints(x.graph, repeats)], {}, [{ dtype: x.dtype, shape }])[0];
}

/** Repeats each slice of an axis `count` times in place, as torch.repeat_interleave does. */
export function repeatInterleave(x: Tensor, count: number, axis: number): Tensor {
  if (count === 1) return x;
  const place = axisOf(axis, x.rank, 'repeatInterleave');
  const wide = unsqueeze(x, place + 1);
  const shape = wide.shape.map((dim, index) => (index === place + 1 ? count : dim));
  return reshape(
    expand(wide, shape),
    x.shape.map((dim, index) => (index === place ? dimMul(dim, count) : dim)),
  );
}

/** Rows of `x` along an axis, chosen by whole numbers of any shape. */
export function gather(x: Tensor, indices: Tensor | number, axis = 0): Tensor {
  const place = axisOf(axis, x.rank, 'Gather');
  const index = typeof indices === 'number' ? x.graph.constant(indices, 'int64') : indices;
  const shape = [...x.shape.slice(0, place), ...index.shape, ...x.shape.slice(place + 1)];
  return graphOf(x, index).node('Gather', [x, index], { axis: place }, [{ dtype: x.dtype, shape }])[0];
}

/** result[i][j][k] = x[index[i][j][k]][j][k] for axis 0, and so on (torch.gather). */
export function gatherElements(x: Tensor, indices: Tensor, axis: number): Tensor {
  return graphOf(x, indices).node('GatherElements', [x, indices], { axis: axisOf(axis, x.rank, 'GatherElements') }, [
    { dtype: x.dtype, shape: indices.shape },
  ])[0];
}

export function gatherND(x: Tensor, indices: Tensor, batchDims = 0): Tensor {
  const depth = indices.dim(-1);
  if (typeof depth !== 'number') throw new GraphError('GatherND: the last axis of the indices must have a fixed size');
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(batchDims + depth)];
  return graphOf(x, indices).node('GatherND', [x, indices], { batch_dims: batchDims }, [{ dtype: x.dtype, shape }])[0];
}

export function scatterElements(
  x: Tensor,
  indices: Tensor,
  updates: Tensor,
  axis: number,
  reduction: 'none' | 'add' | 'mul' | 'max' | 'min' = 'none',
): Tensor {
  return graphOf(x, indices, updates).node(
    'ScatterElements',
    [x, indices, updates],
    { axis: axisOf(axis, x.rank, 'ScatterElements'), reduction },
    [{ dtype: x.dtype, shape: x.shape }],
  )[0];
}

export function scatterND(
  x: Tensor,
  indices: Tensor,
  updates: Tensor,
  reduction: 'none' | 'add' | 'mul' | 'max' | 'min' = 'none',
): Tensor {
  return graphOf(x, indices, updates).node('ScatterND', [x, indices, updates], { reduction }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

/** Pads each axis: `before[i]` and `after[i]` values; negative amounts cut. */
export function pad(
  x: Tensor,
  before: Dim[],
  after: Dim[],
  value: number = 0,
  mode: 'constant' | 'reflect' | 'edge' = 'constant',
): Tensor {
  if ([...before, ...after].every((amount) => amount === 0)) return x;
  const amounts = shapeTensor(x.graph, [...before, ...after]);
  const fill = mode === 'constant' ? x.graph.constant(value, x.dtype) : null;
  const shape = x.shape.map((dim, index) => dimAdd(dim, before[index], after[index]));
  return graphOf(x, amounts).node('Pad', fill ? [x, amounts, fill] : [x, amounts], { mode }, [
    { dtype: x.dtype, shape },
  ])[0];
}

/** 0, 1, ... size - 1 as int64 (or from `start`, with a symbolic size or start). */
export function range(graph: Graph, size: Dim, start: Dim = 0): Tensor {
  const scalar = (value: Dim): Tensor =>
    typeof value === 'number' ? graph.constant(value, 'int64') : reshape(graph.size(value), []);
  const inputs = [scalar(start), scalar(dimAdd(start, size)), graph.constant(1, 'int64')];
  return graphOf(...inputs).node('Range', inputs, {}, [{ dtype: 'int64', shape: [size] }])[0];
}

/** A tensor of one value. */
export function full(graph: Graph, dims: readonly Dim[], value: number, dtype: DType = graph.options.dtype): Tensor {
  return expand(graph.constant(value, dtype), dims);
}

/** Keeps the upper (or lower) triangle of the last two axes; `k` moves the diagonal. */
export function triangle(x: Tensor, upper: boolean, k = 0): Tensor {
  return x.graph.node('Trilu', [x, x.graph.constant(k, 'int64')], { upper: upper ? 1 : 0 }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
}

export function oneHot(indices: Tensor, depth: number, dtype: DType, axis = -1): Tensor {
  const graph = indices.graph;
  const place = axis < 0 ? axis + indices.rank + 1 : axis;
  const shape: Dim[] = [...indices.shape];
  shape.splice(place, 0, depth);
  return graph.node(
    'OneHot',
    [indices, graph.constant(depth, 'int64'), graph.constant([0, 1], dtype)],
    { axis: place },
    [{ dtype, shape }],
  )[0];
}

/** The k largest (or smallest) values along an axis, sorted, and their places (int64); equal values in order. `k` may be int64 [1]. */
export function topK(x: Tensor, k: number | Tensor, axis = -1, largest = true): [values: Tensor, indices: Tensor] {
  const place = axisOf(axis, x.rank, 'TopK');
  const [count, size] = typeof k === 'number' ? [ints(x.graph, [k]), k] : [k, x.graph.unknownDim()];
  const shape = x.shape.map((dim, index) => (index === place ? size : dim));
  return x.graph.node('TopK', [x, count], { axis: place, largest: largest ? 1 : 0, sorted: 1 }, [
    { dtype: x.dtype, shape },
    { dtype: 'int64', shape },
  ]) as [Tensor, Tensor];
}

/** Places along the last axis of its values in ascending order; equal values keep their order (int64). */
export function argSort(x: Tensor): Tensor {
  const graph = x.graph;
  return graph.node('TopK', [x, graph.size(x.dim(-1))], { axis: x.rank - 1, largest: 0, sorted: 1 }, [
    { dtype: x.dtype, shape: x.shape },
    { dtype: 'int64', shape: x.shape },
  ])[1];
}

/**
 * Cuts the first axis into parts whose sizes are known at run time only: `sizes` int64 [count].
 * @param usual how many parts share the whole as a rule, for counting work
 */
export function splitAt(x: Tensor, sizes: Tensor, usual = sizes.dim(0) as number): Tensor[] {
  const graph = graphOf(x, sizes);
  const count = sizes.dim(0) as number;
  const results = Array.from({ length: count }, () => {
    const size = graph.unknownDim();
    graph.shares.set(`${size}`, { of: x.dim(0), by: usual });
    return { dtype: x.dtype, shape: [size, ...x.shape.slice(1)] };
  });
  return graph.node('Split', [x, sizes], { axis: 0 }, results);
}

/** Places of the non-zero values: int64 [rank, how many]. */
export function nonZero(x: Tensor): Tensor {
  return x.graph.node('NonZero', [x], {}, [{ dtype: 'int64', shape: [x.rank, x.graph.unknownDim()] }])[0];
}

export function cumSum(x: Tensor, axis: number, options: { exclusive?: boolean; reverse?: boolean } = {}): Tensor {
  const place = axisOf(axis, x.rank, 'CumSum');
  return x.graph.node(
    'CumSum',
    [x, x.graph.constant(place, 'int64')],
    { exclusive: options.exclusive ? 1 : 0, reverse: options.reverse ? 1 : 0 },
    [{ dtype: x.dtype, shape: x.shape }],
  )[0];
}

export function depthToSpace(x: Tensor, block: number, mode: 'DCR' | 'CRD' = 'CRD'): Tensor {
  const [batch, channels, height, width] = x.shape;
  const shape = [batch, (channels as number) / (block * block), dimMul(height, block), dimMul(width, block)];
  return x.graph.node('DepthToSpace', [x], { blocksize: block, mode }, [{ dtype: x.dtype, shape }])[0];
}
