// Where the values of a graph's parameters come from when no checkpoint gives them.

import { parameterRule } from '../util/fill.js';
import type { WeightSpec } from '../util/weight.js';
import type { Graph, Parameter } from './graph.js';

/** The shape in a WeightSpec: the state dict's where the addon turns or packs the weight, else as the graph stores the same values. */
export const specShape = ({ transposed, pack, shape, storedShape }: Parameter): number[] =>
  transposed || pack ? shape : storedShape;

/** A parameter filled by the deterministic rule, by its state-dict name and shape. */
export function filled(parameter: Parameter): WeightSpec {
  const [center, scale] = parameterRule(parameter.source, parameter.slice?.of ?? parameter.shape);
  return {
    name: parameter.name,
    dtype: parameter.dtype as WeightSpec['dtype'],
    shape: specShape(parameter),
    transposed: parameter.transposed,
    values: {
      kind: 'fill',
      stream: parameter.source,
      center,
      scale,
      ...(parameter.slice ? { start: parameter.slice.start } : {}),
    },
    ...(parameter.pack ? { pack: parameter.pack } : {}),
  };
}

/** @param from the values of one parameter; the default is the deterministic rule */
export function weightSpecs(graph: Graph, from: (parameter: Parameter) => WeightSpec = filled): WeightSpec[] {
  return [...graph.parameters.values()].map(from);
}
