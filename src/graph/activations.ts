// How many bytes of intermediate results are alive at once: what a run needs beside its weights.

import { BYTES } from '../util/tensor.js';
import { dimProduct, dimValue } from './dim.js';
import type { Graph, Node } from './graph.js';
import type { Tensor } from './tensor.js';

/** Operators whose output ONNX Runtime places in the memory of their first input. */
const VIEWS = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity']);

/**
 * The most bytes of inputs and results that are alive between two nodes, in the order of the graph. Every result lives from the
 * node that makes it to the last one that reads it; outputs of the graph live to the end.
 * @param sizes values of the symbolic dimensions
 * @returns a lower bound where sizes depend on data (such tensors count nothing), and for kernels with a workspace of their own
 */
export function peakActivationBytes(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  const home = new Map<Tensor, Tensor>(); // views -> the tensor that owns the memory
  const owner = (tensor: Tensor): Tensor => home.get(tensor) ?? tensor;
  for (const { op, inputs, outputs } of graph.nodes) {
    if (VIEWS.has(op) && inputs[0] && outputs[0]) home.set(outputs[0], owner(inputs[0]));
  }

  const lastUse = new Map<Tensor, number>();
  graph.nodes.forEach((node, index) => {
    for (const input of reads(node)) lastUse.set(owner(input), index);
  });
  for (const { tensor } of graph.outputs) lastUse.set(owner(tensor), graph.nodes.length);

  const ends = new Map<number, Tensor[]>();
  for (const [tensor, index] of lastUse) ends.set(index, [...(ends.get(index) ?? []), tensor]);

  const alive = new Map<Tensor, number>();
  let now = 0;
  let peak = 0;
  const begin = (tensor: Tensor): void => {
    if (alive.has(tensor) || !lastUse.has(tensor)) return;
    const bytes = (dimValue(dimProduct(tensor.shape), sizes) ?? 0) * BYTES[tensor.dtype];
    alive.set(tensor, bytes);
    now += bytes;
  };
  for (const input of graph.inputs) begin(input);
  graph.nodes.forEach((node, index) => {
    for (const output of node.outputs) if (output) begin(owner(output));
    const within = bodies(node).reduce((most, body) => Math.max(most, peakActivationBytes(body, sizes)), 0);
    peak = Math.max(peak, now + within);
    for (const tensor of ends.get(index) ?? []) {
      now -= alive.get(tensor) ?? 0;
      alive.delete(tensor);
    }
  });
  return peak;
}

function bodies(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((value) =>
    typeof value === 'object' && 'graph' in value ? [value.graph] : [],
  );
}

/** What a node reads, by itself or within its bodies, which see the tensors around them. */
function reads(node: Node): Tensor[] {
  const own = node.inputs.filter((input) => input !== null);
  return [...own, ...bodies(node).flatMap((body) => body.nodes.flatMap(reads))];
}
