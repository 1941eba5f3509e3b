// Tensors on the host as numbers, and numbers in the type that a graph takes.

import { UsageError } from '../util/error.js';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '../util/half.js';
import type { HostTensor } from '../util/tensor.js';

/** An input in the type that the graph takes. */
export function converted(tensor: HostTensor, dtype: HostTensor['dtype']): HostTensor {
  if (tensor.dtype === dtype) return tensor;
  const values = valuesOf(tensor);
  const view = (() => {
    if (dtype === 'float16') return Uint16Array.from(values as Float32Array, toFloat16);
    if (dtype === 'bfloat16') return Uint16Array.from(values as Float32Array, toBfloat16);
    if (dtype === 'bool') return Uint8Array.from(values as ArrayLike<number | bigint>, Number);
    if (dtype === 'int32') return Int32Array.from(values as ArrayLike<number | bigint>, Number);
    throw new UsageError(`inputs of type ${dtype} cannot be made of ${tensor.dtype}`);
  })();
  return { dtype, shape: tensor.shape, data: new Uint8Array(view.buffer) };
}

/** The elements as numbers. */
export function valuesOf({ dtype, data }: HostTensor): ArrayLike<number | bigint> {
  const aligned = data.byteOffset % 8 === 0 ? data : data.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), fromFloat16);
    case 'bfloat16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), fromBfloat16);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, byteLength / 8);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'bool':
    case 'uint8':
      return aligned;
    default:
      throw new UsageError(`values of type ${dtype} cannot be compared`);
  }
}
