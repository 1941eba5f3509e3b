// Page + configuration + options -> graph.

import { fuse, Graph, type GraphOptions, readBy } from '../src/graph/index.js';
import { UnsupportedError, UsageError } from '../src/util/error.js';
import { elementCount } from '../src/util/tensor.js';
import { type Json, readConfig } from './config.js';
import type { InputSpec, Page } from './define.js';

export interface BuiltModel {
  graph: Graph;
  /** Specs of the graph's inputs, in order. */
  inputs: Record<string, InputSpec>;
}

/**
 * Builds the graph of a page.
 * @param json a configuration in the keys of config.json; what it leaves out is the family's default
 * @param wanted names of the inputs that the graph takes; default: all that are not optional
 * @throws UsageError for configurations and inputs that the page does not know; UnsupportedError for a form that it has not; GraphError for mistakes in the page
 */
export function buildModel<C>(
  page: Page<C>,
  json: Json,
  options: Partial<GraphOptions> = {},
  wanted?: readonly string[],
): BuiltModel {
  const config = readConfig(page.config, json, page.family);
  const form = options.form ?? 'plain';
  if (form !== 'plain' && !page.forms?.includes(form)) {
    const why = form === 'cached' && page.uncached ? `: ${page.uncached}` : '';
    throw new UnsupportedError('form', `${page.family} has no ${form} form${why}`);
  }
  const known = page.inputs(config, form);
  const names = wanted ?? Object.keys(known).filter((name) => !known[name].optional);
  for (const name of names) {
    if (!(name in known))
      throw new UsageError(`${page.family} has no input '${name}'; known: ${Object.keys(known).join(', ')}`);
  }
  const graph = new Graph(options);
  const inputs = Object.fromEntries(
    Object.keys(known)
      .filter((name) => names.includes(name))
      .map((name) => [name, known[name]]),
  );
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => [
      name,
      graph.input(name, spec.dtype === 'float32' ? graph.options.dtype : spec.dtype, spec.shape),
    ]),
  );
  const outputs = page.graph(graph, tensors, config);
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor);
  if (graph.options.style === 'fused') fuse(graph);
  setUnreadAside(graph);
  return { graph, inputs };
}

/** Parameters that no node reads are not stored: ONNX Runtime drops them, and then refuses their values. */
function setUnreadAside(graph: Graph): void {
  const read = new Set([...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ tensor }) => tensor)]);
  const names = new Set([...read].map(({ name }) => name));
  for (const [name, { source, shape, slice, buffer }] of graph.parameters) {
    if (names.has(name)) continue;
    graph.parameters.delete(name);
    if (!buffer) graph.unused.set(source, slice?.of ?? shape);
  }
}

/** Parameters of the graphs of one model by the state dict: each entry once, however and in however many graphs it is stored. */
export function countParameters(...graphs: Graph[]): number {
  const entries = new Map<string, readonly number[]>(graphs.flatMap(({ unused }) => [...unused]));
  for (const { source, shape, buffer, slice } of graphs.flatMap(({ parameters }) => [...parameters.values()])) {
    if (!buffer) entries.set(source, slice?.of ?? shape);
  }
  return [...entries.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}
