// Sequences cut into blocks of equal size, so that attention can stay near: blocks take the place of the batch.

import {
  concat,
  type Dim,
  dimAdd,
  dimCeilDiv,
  dimDiv,
  dimMul,
  dimSub,
  expand,
  pad,
  reshape,
  slice,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';

/** The length of a sequence filled up to whole blocks. */
export const wholeBlocks = (length: Dim, size: number): Dim => dimMul(dimCeilDiv(length, size), size);

/** Fills axis 1 up to whole blocks: [batch, seq, ...] -> [batch, whole, ...]. */
export function fillBlocks(x: Tensor, size: number, value = 0): Tensor {
  return padPlaces(x, 0, dimSub(wholeBlocks(x.dim(1), size), x.dim(1)), value);
}

/** Adds places before and behind axis 1. */
export function padPlaces(x: Tensor, before: Dim, after: Dim, value = 0): Tensor {
  const amounts = (amount: Dim): Dim[] => x.shape.map((_, axis) => (axis === 1 ? amount : 0));
  return pad(x, amounts(before), amounts(after), value);
}

/** [batch, blocks * size, ...] -> [batch * blocks, size, ...]. */
export function toBlocks(x: Tensor, size: number): Tensor {
  const blocks = dimDiv(x.dim(1), size);
  return reshape(x, [dimMul(x.dim(0), blocks), size, ...x.shape.slice(2)]);
}

/** Undoes `toBlocks`. */
export function fromBlocks(x: Tensor, batch: Dim, length: Dim): Tensor {
  return reshape(x, [batch, length, ...x.shape.slice(2)]);
}

/** What every block sees: [batch, ...] -> [batch * blocks, ...]. */
export function forBlocks(x: Tensor, blocks: Dim): Tensor {
  const [batch, ...rest] = x.shape;
  return reshape(expand(unsqueeze(x, 1), [batch, blocks, ...rest]), [dimMul(batch, blocks), ...rest]);
}

/** Each block between its neighbours, with `value` beyond the ends: [batch, blocks * size, ...] -> [batch * blocks, 3 * size, ...]. */
export function withNeighbours(x: Tensor, size: number, value = 0): Tensor {
  const wide = padPlaces(x, size, size, value);
  const shifted = [0, 1, 2].map((block) =>
    toBlocks(slice(wide, 1, block * size, dimAdd(x.dim(1), block * size)), size),
  );
  return concat(shifted, 1);
}
