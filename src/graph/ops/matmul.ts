// Matrix products.

import { type Dim, shapeText } from '../dim.js';
import { GraphError } from '../graph-error.js';
import { broadcast, expectSame, graphOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Product of the last two axes, the others broadcast: [..., m, k] x [..., k, n] -> [..., m, n]. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank < 2 || b.rank < 2)
    throw new GraphError(`MatMul: ${shapeText(a.shape)} and ${shapeText(b.shape)} need two axes each`);
  if (a.dtype !== b.dtype)
    throw new GraphError(`MatMul: ${a.dtype} (${a.name}) and ${b.dtype} (${b.name}) differ in type`);
  expectSame(a.dim(-1), b.dim(-2), a, b, 'MatMul');
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2), 'MatMul'), a.dim(-2), b.dim(-1)];
  return graphOf(a, b).node('MatMul', [a, b], {}, [{ dtype: a.dtype, shape }])[0];
}

/** a [m, k] times b [k, n] (or [n, k] with transB), plus c. */
export function gemm(
  a: Tensor,
  b: Tensor,
  c: Tensor | null = null,
  options: { transA?: boolean; transB?: boolean } = {},
): Tensor {
  const [m, k] = options.transA ? [a.dim(1), a.dim(0)] : [a.dim(0), a.dim(1)];
  const [kb, n] = options.transB ? [b.dim(1), b.dim(0)] : [b.dim(0), b.dim(1)];
  expectSame(k, kb, a, b, 'Gemm');
  const inputs = c ? [a, b, c] : [a, b];
  return graphOf(...inputs).node('Gemm', inputs, { transA: options.transA ? 1 : 0, transB: options.transB ? 1 : 0 }, [
    { dtype: a.dtype, shape: [m, n] },
  ])[0];
}

/** Einstein summation over explicit indices, e.g. 'bhid,bhjd->bhij'. */
export function einsum(equation: string, ...inputs: Tensor[]): Tensor {
  const [left, right] = equation.replaceAll(' ', '').split('->');
  const sizes = new Map<string, Dim>();
  left.split(',').forEach((letters, index) => {
    if (letters.length !== inputs[index]?.rank)
      throw new GraphError(`Einsum ${equation}: operand ${index} is ${shapeText(inputs[index]?.shape ?? [])}`);
    [...letters].forEach((letter, axis) => {
      const size = inputs[index].shape[axis];
      const known = sizes.get(letter);
      if (known !== undefined && known !== size && known !== 1 && size !== 1) {
        throw new GraphError(`Einsum ${equation}: '${letter}' is ${known} and ${size}`);
      }
      if (known === undefined || known === 1) sizes.set(letter, size);
    });
  });
  const shape = [...right].map((letter) => sizes.get(letter)!);
  return graphOf(...inputs).node('Einsum', inputs, { equation }, [{ dtype: inputs[0].dtype, shape }])[0];
}
