// Input specs + sizes -> tensors on the host, the same on every machine.

import { dimValue } from '../src/graph/index.js';
import { UsageError } from '../src/util/error.js';
import { integers, uniform } from '../src/util/fill.js';
import { elementCount, type HostTensor } from '../src/util/tensor.js';
import type { InputSpec } from './define.js';

/** @throws UsageError naming the dimension that has no size */
export function makeInput(name: string, spec: InputSpec, sizes: Readonly<Record<string, number>>): HostTensor {
  const shape = spec.shape.map((dim) => {
    const size = dimValue(dim, sizes);
    if (size === null)
      throw new UsageError(`input ${name}: the dimension '${dim}' has no size; give it with --dim ${dim}=N`);
    return size;
  });
  return { dtype: spec.dtype, shape, data: values(name, spec, elementCount(shape)) };
}

function values(name: string, { dtype, values: rule }: InputSpec, count: number): Uint8Array {
  const stream = `input:${name}`;
  const view = (() => {
    if (dtype === 'float32')
      return rule.kind === 'uniform'
        ? uniform(stream, count, rule.center, rule.scale)
        : new Float32Array(count).fill(rule.kind === 'constant' ? rule.value : 0);
    const whole =
      rule.kind === 'integers'
        ? integers(stream, count, rule.low, rule.high)
        : new BigInt64Array(count).fill(BigInt(rule.kind === 'constant' ? rule.value : 0));
    if (dtype === 'int64') return whole;
    if (dtype === 'int32') return Int32Array.from(whole, Number);
    if (dtype === 'bool' || dtype === 'uint8') return Uint8Array.from(whole, Number);
    throw new UsageError(`input ${name}: values of type ${dtype} cannot be made`);
  })();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
