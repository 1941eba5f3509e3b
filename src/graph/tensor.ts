// A value in a graph: an input, a parameter, a constant or the result of a node. Operators are functions in ops/.

import type { DType } from '../util/tensor.js';
import type { Dim } from './dim.js';
import type { Graph } from './graph.js';

export class Tensor {
  constructor(
    readonly graph: Graph,
    readonly name: string,
    readonly dtype: DType,
    readonly shape: readonly Dim[],
    /** Scope of the parameter that made it, inherited along the graph: prefixes the names of nodes. */
    readonly origin: string,
  ) {}

  get rank(): number {
    return this.shape.length;
  }

  /** The size of an axis; negative axes count from the end. */
  dim(axis: number): Dim {
    return this.shape[axis < 0 ? axis + this.rank : axis];
  }
}

export type Operand = Tensor | number;
