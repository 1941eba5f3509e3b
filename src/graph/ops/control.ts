// Operators with a body: Scan, Loop and If. Bodies see the tensors around them.

import type { Dim } from '../dim.js';
import { Graph } from '../graph.js';
import { GraphError } from '../graph-error.js';
import { graphOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/**
 * Runs the body once per step along an axis of the sequences, carrying states on.
 * @param states first values of the states; each keeps its shape
 * @param sequences scanned along `axis` (default 0); the body sees one step without that axis
 * @returns the last states, and the body's results stacked along `axis`
 */
export function scan(
  states: Tensor[],
  sequences: Tensor[],
  body: (states: Tensor[], step: Tensor[]) => { states: Tensor[]; results: Tensor[] },
  options: { axis?: number; reverse?: boolean } = {},
): { states: Tensor[]; results: Tensor[] } {
  const axis = options.axis ?? 0;
  const parent = graphOf(...states, ...sequences);
  const inner = new Graph({}, parent);
  const carried = states.map((state, index) =>
    inner.input(inner.uniqueName(`state${index}`), state.dtype, state.shape),
  );
  const step = sequences.map((sequence, index) =>
    inner.input(
      inner.uniqueName(`step${index}`),
      sequence.dtype,
      sequence.shape.filter((_, place) => place !== axis),
    ),
  );
  const made = body(carried, step);
  made.states.forEach((state, index) => {
    if (`${state.shape}` !== `${states[index].shape}`)
      throw new GraphError(`Scan: state ${index} is [${states[index].shape}] and becomes [${state.shape}]`);
  });
  const length: Dim = sequences[0].shape[axis];
  for (const tensor of [...made.states, ...made.results]) finish(inner, tensor);
  const stacked = made.results.map((result) => {
    const shape = [...result.shape];
    shape.splice(axis, 0, length);
    return { dtype: result.dtype, shape };
  });
  const outputs = parent.node(
    'Scan',
    [...states, ...sequences],
    {
      body: { graph: inner },
      num_scan_inputs: sequences.length,
      scan_input_axes: sequences.map(() => axis),
      scan_output_axes: made.results.map(() => axis),
      scan_input_directions: sequences.map(() => (options.reverse ? 1 : 0)),
      scan_output_directions: made.results.map(() => (options.reverse ? 1 : 0)),
    },
    [...states.map((state) => ({ dtype: state.dtype, shape: state.shape })), ...stacked],
  );
  return { states: outputs.slice(0, states.length), results: outputs.slice(states.length) };
}

/**
 * Runs the body `count` times (int64 scalar or [1]), carrying states on; the shapes of states may be unknown dimensions.
 * @returns the last states, and the body's results stacked along a new first axis
 */
export function loop(
  count: Tensor,
  states: Tensor[],
  body: (index: Tensor, states: Tensor[]) => { states: Tensor[]; results?: Tensor[] },
): { states: Tensor[]; results: Tensor[] } {
  const parent = graphOf(count, ...states);
  const inner = new Graph({}, parent);
  const index = inner.input(inner.uniqueName('index'), 'int64', []);
  const going = inner.input(inner.uniqueName('going'), 'bool', []);
  const carried = states.map((state, place) =>
    inner.input(inner.uniqueName(`state${place}`), state.dtype, state.shape),
  );
  const made = body(index, carried);
  finish(inner, going);
  const results = made.results ?? [];
  for (const tensor of [...made.states, ...results]) finish(inner, tensor);
  const trips = parent.unknownDim();
  const outputs = parent.node('Loop', [count, null, ...states], { body: { graph: inner } }, [
    ...states.map((state) => ({ dtype: state.dtype, shape: state.shape })),
    ...results.map((result) => ({ dtype: result.dtype, shape: [trips, ...result.shape] })),
  ]);
  return { states: outputs.slice(0, states.length), results: outputs.slice(states.length) };
}

/** One of two branches, by a bool scalar; both must give the same types and shapes. */
export function branch(condition: Tensor, yes: (g: Graph) => Tensor[], no: (g: Graph) => Tensor[]): Tensor[] {
  const parent = condition.graph;
  const [thenGraph, elseGraph] = [new Graph({}, parent), new Graph({}, parent)];
  const [a, b] = [yes(thenGraph), no(elseGraph)];
  for (const tensor of a) finish(thenGraph, tensor);
  for (const tensor of b) finish(elseGraph, tensor);
  const results = a.map((tensor, index) => ({
    dtype: tensor.dtype,
    shape: tensor.shape.map((dim, axis) => (dim === b[index].shape[axis] ? dim : parent.unknownDim())),
  }));
  return parent.node(
    'If',
    [condition],
    { then_branch: { graph: thenGraph }, else_branch: { graph: elseGraph } },
    results,
  );
}

/** Outputs of a body must be made in it: Identity brings in inputs, duplicates and tensors from around. */
function finish(inner: Graph, tensor: Tensor): void {
  const own =
    inner.nodes.some((node) => node.outputs.includes(tensor)) &&
    !inner.outputs.some((output) => output.tensor === tensor);
  const result = own ? tensor : inner.identity(tensor);
  inner.output(result.name, result);
}
