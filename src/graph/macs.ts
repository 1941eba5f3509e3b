// Multiply-accumulate operations of one run, from the shapes: matrix products and convolutions, as the field counts them.

import { type Dim, dimAdd, dimMul, dimProduct, dimValue } from './dim.js';
import type { Graph, Node } from './graph.js';
import type { Tensor } from './tensor.js';

/** MACs of one node as a dimension; null for operators that do none worth counting. */
function nodeMacs(node: Node): Dim | null {
  const [a, b] = node.inputs;
  const out = dimProduct(node.outputs[0]?.shape ?? []);
  if (!a || !b) return null;
  switch (node.op) {
    case 'MatMul':
    case 'MatMulInteger':
      return dimMul(out, a.dim(-1));
    case 'MatMulNBits':
      return dimMul(out, node.attributes.K as number);
    case 'Gemm':
      return dimMul(out, node.attributes.transA ? a.dim(0) : a.dim(1));
    case 'Conv':
      return dimMul(out, ...b.shape.slice(1));
    case 'ConvTranspose':
      return dimMul(dimProduct(a.shape), ...b.shape.slice(1));
    case 'Einsum': {
      const [left, right] = (node.attributes.equation as string).replaceAll(' ', '').split('->');
      if (!left.includes(',')) return null;
      const sizes = new Map<string, Dim>();
      left.split(',').forEach((letters, index) => {
        [...letters].forEach((letter, axis) => {
          sizes.set(letter, node.inputs[index]!.shape[axis]);
        });
      });
      return dimMul(out, ...[...sizes].filter(([letter]) => !right.includes(letter)).map(([, size]) => size));
    }
    case 'MultiHeadAttention':
      // scores, width(a) for each query and key, and weighted values, width(out) for each
      return dimMul(a.dim(0), a.dim(1), b.dim(b.rank - 2), dimAdd(a.dim(2), node.outputs[0]!.dim(2)));
    default:
      return null;
  }
}

/**
 * Nodes that depend on weights alone are not counted: ONNX Runtime folds them into constants when a session opens.
 * @param sizes values of the symbolic dimensions
 * @returns null when a size depends on data. A body of Scan counts once per step where its length is known; Loop and If bodies count
 * once. Experts count with the rows that are routed to all of them together.
 */
export function countMacs(graph: Graph, sizes: Readonly<Record<string, number>>): number | null {
  return countRun(graph, sizes, new Set());
}

/** @param varying tensors that depend on inputs, in this graph and around it */
function countRun(graph: Graph, sizes: Readonly<Record<string, number>>, varying: Set<Tensor>): number | null {
  for (const input of graph.inputs) varying.add(input);
  const known = graph.parent ? sizes : { ...sizes, ...meanParts(graph, sizes) };
  let sum = 0;
  for (const node of graph.nodes) {
    const bodies = Object.values(node.attributes).some((value) => typeof value === 'object' && 'graph' in value);
    const varies = bodies || node.inputs.some((input) => input && varying.has(input));
    if (varies) for (const output of node.outputs) if (output) varying.add(output);
    const macs = varies ? nodeMacs(node) : null;
    if (macs !== null) {
      const value = dimValue(macs, known);
      if (value === null) return null;
      sum += value;
    }
    for (const attribute of Object.values(node.attributes)) {
      if (typeof attribute !== 'object' || !('graph' in attribute)) continue;
      const inner = countRun(attribute.graph, known, varying);
      const sequence = node.op === 'Scan' ? node.inputs.at(-1)! : null;
      const steps = sequence ? dimValue(sequence.shape[(node.attributes.scan_input_axes as number[])[0]], known) : 1;
      if (inner === null || steps === null) return null;
      sum += inner * steps;
    }
  }
  return graph.parent ? sum : Math.round(sum);
}

/** Parts of a whole by their mean: what depends on their sizes in proportion comes out right in sum. */
function meanParts(graph: Graph, sizes: Readonly<Record<string, number>>): Record<string, number> {
  const means: Record<string, number> = {};
  for (const [part, { of, by }] of graph.shares) {
    const whole = dimValue(of, sizes);
    if (whole !== null) means[part] = whole / by;
  }
  return means;
}
