// A reference's inputs in the types that a graph takes.

import { UsageError } from '../util/error.js';
import { toBfloat16, toFloat16 } from '../util/half.js';
import type { HostTensor } from '../util/tensor.js';
import { numbersOf } from '../util/tensor-values.js';

/** An input in the type that the graph takes. */
export function converted(tensor: HostTensor, dtype: HostTensor['dtype']): HostTensor {
  if (tensor.dtype === dtype) return tensor;
  const values = numbersOf(tensor)!;
  const view = (() => {
    if (dtype === 'float16') return Uint16Array.from(values, toFloat16);
    if (dtype === 'bfloat16') return Uint16Array.from(values, toBfloat16);
    if (dtype === 'bool') return Uint8Array.from(values);
    if (dtype === 'int32') return Int32Array.from(values);
    throw new UsageError(`inputs of type ${dtype} cannot be made of ${tensor.dtype}`);
  })();
  return { dtype, shape: tensor.shape, data: new Uint8Array(view.buffer) };
}
