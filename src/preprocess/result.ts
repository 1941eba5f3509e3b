// What a preprocessor returns: tensors under the names that Hugging Face models give their inputs.

import { BYTES, type DType, elementCount, type HostTensor } from '../util/tensor.js';
import { BufferPool } from './buffer-pool.js';

const pool = new BufferPool();

/** Tensors of the caller, by name: a result of the same type and shape is written there. */
export type Targets = Readonly<Record<string, HostTensor>>;

export class PreprocessResult {
  readonly tensors: Record<string, HostTensor> = {};
  #released = false;

  constructor(private readonly targets: Targets = {}) {}

  /** Adds a tensor of unspecified contents and returns it. */
  add(name: string, dtype: DType, shape: number[]): HostTensor {
    const target = Object.hasOwn(this.targets, name) ? this.targets[name] : undefined;
    // Kernels write whole elements: an address between two would be undefined behaviour.
    const fits = target?.dtype === dtype && `${target.shape}` === `${shape}` && target.data.byteOffset % 8 === 0;
    if (target && fits) {
      this.tensors[name] = target;
      return target;
    }
    const tensor = { dtype, shape, data: pool.take(elementCount(shape) * BYTES[dtype]) };
    this.tensors[name] = tensor;
    return tensor;
  }

  /** Lets the next result reuse the memory of these tensors, which must not be read or written from then on. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const [name, tensor] of Object.entries(this.tensors)) {
      if (tensor !== this.targets[name]) pool.give(tensor.data);
    }
  }
}

export function floatsOf(tensor: HostTensor): Float32Array {
  return new Float32Array(tensor.data.buffer as ArrayBuffer, tensor.data.byteOffset, tensor.data.byteLength / 4);
}

/** Rows of an int64 mask: `real[i]` ones in row i, then zeros. */
export function fillMask(mask: HostTensor, real: readonly number[], row: number): void {
  const values = new BigInt64Array(mask.data.buffer as ArrayBuffer, mask.data.byteOffset, mask.data.byteLength / 8);
  real.forEach((count, i) => {
    values.fill(1n, i * row, i * row + count);
    values.fill(0n, i * row + count, (i + 1) * row);
  });
}
