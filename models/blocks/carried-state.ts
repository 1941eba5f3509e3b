// States of a fixed size that the cached form carries from run to run: zero before the first token. Those that grow with the
// tokens are in cache.ts.

import { type Dim, full, type Graph, type Tensor } from '../../src/graph/index.js';
import type { DType } from '../../src/util/tensor.js';

export interface CarriedState {
  /** What the run begins with; null in the plain form, where it would be zeros. */
  past: Tensor | null;
  /** The same, with zeros in the plain form. */
  start: () => Tensor;
  /** Hands the state on to the next run. */
  carry: (next: Tensor) => void;
}

/**
 * The state `kind` of a layer: input 'past_KIND.N', output 'present_KIND.N', named as onnx-community names conv and ssm states.
 * @param shape begins with the batch
 */
export function carriedState(
  g: Graph,
  kind: string,
  layer: number,
  shape: readonly Dim[],
  dtype: DType = g.options.dtype,
): CarriedState {
  const name = `past_${kind}.${layer}`;
  const past = g.options.form === 'cached' ? g.pastState(name, dtype, shape) : null;
  return {
    past,
    start: () => past ?? full(g, shape, 0, dtype),
    carry: (next) => {
      if (past) g.nextState(name, `present_${kind}.${layer}`, next);
    },
  };
}
