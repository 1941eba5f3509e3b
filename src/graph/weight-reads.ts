// How many bytes of weights one run reads: the memory traffic that no cache saves.

import { BYTES } from '../util/tensor.js';
import { dimProduct, dimValue } from './dim.js';
import type { Graph, Node } from './graph.js';
import { parameterBytes } from './onnx/encode.js';

/** @param sizes values of the symbolic dimensions; a table that is only looked up counts the rows taken */
export function weightReadBytes(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  const uses = new Map<string, Node[]>();
  collectUses(graph, uses);
  let sum = 0;
  for (const parameter of graph.parameters.values()) {
    const whole = parameterBytes(parameter);
    const rowBytes = parameter.storedShape.slice(1).reduce((product, size) => product * size, BYTES[parameter.dtype]);
    let read = 0;
    for (const node of uses.get(parameter.name) ?? []) {
      const looksUp = node.op === 'Gather' && node.attributes.axis === 0 && node.inputs[0]?.name === parameter.name;
      const rows = looksUp ? dimValue(dimProduct(node.inputs[1]!.shape), sizes) : null;
      read += rows === null ? whole : rows * rowBytes;
    }
    sum += Math.min(read, whole);
  }
  return sum;
}

function collectUses(graph: Graph, uses: Map<string, Node[]>): void {
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input && graph.parameters.has(input.name)) uses.set(input.name, [...(uses.get(input.name) ?? []), node]);
    }
    for (const value of Object.values(node.attributes)) {
      if (typeof value === 'object' && 'graph' in value) collectUses(value.graph, uses);
    }
  }
}
