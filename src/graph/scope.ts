// A place in the state dict: parameters made in it are named '<path>.<name>'.

import type { Graph, ParameterOptions } from './graph.js';
import type { Tensor } from './tensor.js';

export class Scope {
  constructor(
    readonly graph: Graph,
    readonly path: string,
  ) {}

  at(path: string): Scope {
    return new Scope(this.graph, this.join(path));
  }

  layers(path: string, count: number): Scope[] {
    return Array.from({ length: count }, (_, index) => this.at(`${path}.${index}`));
  }

  /** The weight '<path>.<name>' of the given state-dict shape. */
  parameter(name: string, shape: number[], stored: ParameterOptions = {}): Tensor {
    return this.graph.parameter(this.join(name), shape, stored);
  }

  /** A state-dict entry that is no parameter, e.g. running statistics. */
  buffer(name: string, shape: number[]): Tensor {
    return this.parameter(name, shape, { buffer: true });
  }

  /** A parameter that the state dict has and no output depends on, e.g. of a pooler below a head that reads every token. */
  unused(name: string, shape: number[]): void {
    this.graph.root.unused.set(this.join(name), shape);
  }

  join(name: string): string {
    return this.path === '' ? name : name === '' ? this.path : `${this.path}.${name}`;
  }
}
