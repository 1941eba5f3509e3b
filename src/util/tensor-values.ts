// The elements of a tensor as numbers, whatever their type.

import { fromFloat16 } from './half.js';
import type { HostTensor } from './tensor.js';

/** Null for strings. 64-bit integers above 2^53 lose their last bits. */
export function numbersOf({ dtype, data }: HostTensor): ArrayLike<number> | null {
  // Not slice: of a Buffer, as messages between processes bring them, that is no copy.
  const { buffer, byteOffset, byteLength } = data.byteOffset % 8 === 0 ? data : new Uint8Array(data);
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), fromFloat16);
    case 'bfloat16': {
      const bits = Uint32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), (half) => half << 16);
      return new Float32Array(bits.buffer);
    }
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'string':
      return null;
  }
}
