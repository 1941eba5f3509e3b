// The fused style's pass over a finished graph: chains of nodes become ONNX Runtime's own operators (domain com.microsoft,
// OperatorKernels.md of its repository), which read and write memory once instead of once a node.

import type { Graph, Node } from './graph.js';
import type { Tensor } from './tensor.js';

const FUSED = 'com.microsoft';

/**
 * Rewrites the graph and its bodies:
 * - transposes and reshapes that undo one another vanish;
 * - Add (of a bias and) of a residual before LayerNormalization or SimplifiedLayerNormalization: SkipLayerNormalization,
 *   SkipSimplifiedLayerNormalization, which give the sum as well where it is used;
 * - Add of a bias before Gelu: BiasGelu; the tanh form with or without: FastGelu.
 * No node may be added to the graph afterwards.
 */
export function fuse(graph: Graph): void {
  for (const body of graph.nodes.flatMap(bodiesOf)) fuse(body);
  const makers = new Map<Tensor, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output) makers.set(output, node);
  cancelLayout(graph, makers);
  const uses = countUses(graph);
  const fusion = { graph, makers, uses };
  for (const node of graph.nodes) fuseNorm(fusion, node);
  for (const node of graph.nodes) fuseGelu(fusion, node);
  sortLive(graph, makers);
}

interface Fusion {
  graph: Graph;
  makers: Map<Tensor, Node>;
  uses: Map<Tensor, number>;
}

function bodiesOf(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((value) =>
    typeof value === 'object' && 'graph' in value ? [value.graph] : [],
  );
}

/** Tensors that a node reads, those of its bodies too. */
export function readBy(node: Node): Tensor[] {
  const within = bodiesOf(node).flatMap((body) => [
    ...body.nodes.flatMap(readBy),
    ...body.outputs.map(({ tensor }) => tensor),
  ]);
  return [...node.inputs.filter((input) => input !== null), ...within];
}

function countUses(graph: Graph): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const read = [...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ tensor }) => tensor)];
  for (const tensor of read) uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  return uses;
}

/** Readers of what two transposes or two reshapes give back unchanged read the original. */
function cancelLayout(graph: Graph, makers: Map<Tensor, Node>): void {
  const originals = new Map<Tensor, Tensor>();
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map((input) => (input && originals.get(input)) ?? input);
    const [made, inner] = [node.outputs[0], node.inputs[0] && makers.get(node.inputs[0])];
    if (!made || !inner || inner.op !== node.op) continue;
    const original = inner.inputs[0]!;
    const [first, second] = [inner.attributes.perm as number[], node.attributes.perm as number[]];
    const undone =
      node.op === 'Transpose' ? second.every((axis, place) => first[axis] === place) : node.op === 'Reshape';
    if (undone && `${original.shape}` === `${made.shape}`) originals.set(made, original);
  }
}

/** A weight of one axis as long as the last of x, or one made of weights alone. */
function isVector({ graph, makers }: Fusion, tensor: Tensor | null | undefined, x: Tensor): tensor is Tensor {
  if (tensor?.rank !== 1 || tensor.dim(0) !== x.dim(-1)) return false;
  const stored = ({ name }: Tensor): boolean => graph.parameters.has(name) || graph.constants.has(name);
  return stored(tensor) || (makers.get(tensor)?.inputs.every((input) => input && stored(input)) ?? false);
}

/** x as a sum with a vector, where nothing else reads x. */
function takeBias(fusion: Fusion, x: Tensor): { rest: Tensor; bias: Tensor } | null {
  const maker = fusion.makers.get(x);
  if (maker?.op !== 'Add' || fusion.uses.get(x) !== 1) return null;
  const [a, b] = maker.inputs as Tensor[];
  const [rest, bias] = isVector(fusion, b, x) ? [a, b] : [b, a];
  return isVector(fusion, bias, x) && `${rest.shape}` === `${x.shape}` ? { rest, bias } : null;
}

function fuseNorm(fusion: Fusion, node: Node): void {
  const full = node.op === 'LayerNormalization';
  const sum = node.inputs[0];
  if ((!full && node.op !== 'SimplifiedLayerNormalization') || !sum || (sum.rank !== 2 && sum.rank !== 3)) return;
  const adding = fusion.makers.get(sum);
  const [scale, shift] = node.inputs.slice(1);
  if (adding?.op !== 'Add' || !isVector(fusion, scale, sum) || (shift && !isVector(fusion, shift, sum))) return;
  const [a, b] = adding.inputs as [Tensor, Tensor];
  if (`${a.shape}` !== `${sum.shape}` || `${b.shape}` !== `${sum.shape}`) return;
  const left = takeBias(fusion, a);
  const taken = left ?? takeBias(fusion, b);
  const { epsilon } = node.attributes;
  node.op = full ? 'SkipLayerNormalization' : 'SkipSimplifiedLayerNormalization';
  node.domain = FUSED;
  const added = taken ? [taken.rest, left ? b : a] : [a, b];
  node.inputs = [...added, scale, ...(full ? [shift ?? null] : []), ...(taken ? [taken.bias] : [])];
  node.attributes = { epsilon };
  if (fusion.uses.get(sum)! > 1) {
    node.outputs = [node.outputs[0], null, null, sum];
    fusion.makers.set(sum, node);
  }
}

function fuseGelu(fusion: Fusion, node: Node): void {
  if (node.op !== 'Gelu' || node.domain !== '') return;
  const fast = node.attributes.approximate === 'tanh';
  const x = node.inputs[0]!;
  const taken = takeBias(fusion, x);
  if (!taken && !fast) return;
  node.op = fast ? 'FastGelu' : 'BiasGelu';
  node.domain = FUSED;
  node.inputs = taken ? [taken.rest, taken.bias] : [x];
  node.attributes = {};
}

/** Keeps the nodes that outputs depend on, each behind what it reads and otherwise in the old order. */
function sortLive(graph: Graph, makers: Map<Tensor, Node>): void {
  const live = new Set<Node>();
  const pending = graph.outputs.map(({ tensor }) => tensor);
  for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
    const maker = makers.get(tensor);
    if (!maker || live.has(maker)) continue;
    live.add(maker);
    pending.push(...readBy(maker));
  }
  const sorted = new Set<Node>();
  const place = (node: Node): void => {
    if (sorted.has(node)) return;
    for (const tensor of readBy(node)) {
      const maker = makers.get(tensor);
      if (maker && maker !== node) place(maker);
    }
    sorted.add(node);
  };
  for (const node of graph.nodes) if (live.has(node)) place(node);
  graph.nodes.splice(0, graph.nodes.length, ...sorted);
}
