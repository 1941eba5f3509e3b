// A page with a configuration as a source: graph, bytes, weights by the deterministic rule, inputs by the page, facts.

import { createHash } from 'node:crypto';
import { buildModel, countParameters } from '../../models/build.js';
import type { InputSpec } from '../../models/define.js';
import { makeInput } from '../../models/inputs.js';
import type { loadPage } from '../../models/registry.js';
import {
  countMacs,
  encodeModel,
  type Graph,
  type GraphOptions,
  type Parameter,
  parameterBytes,
  peakActivationBytes,
  STORAGE,
  weightReadBytes,
  weightSpecs,
} from '../graph/index.js';
import { UnsupportedError } from '../util/error.js';
import { toBfloat16, toFloat16 } from '../util/half.js';
import type { HostTensor } from '../util/tensor.js';
import type { WeightSpec } from '../util/weight.js';
import type { Case } from './case.js';
import type { Feeds } from './feeds.js';
import type { ModelFacts } from './outcome.js';

/** Of models whose page names no other. */
export const DEFAULT_SEQ = 128;

export interface PageSource {
  name: string;
  /** Public name of the page's row; absent for checkpoints. */
  variant?: string;
  /** Of a checkpoint: what its files say of preprocessing wins over the page. */
  folder?: string;
  page: Awaited<ReturnType<typeof loadPage>>;
  category: string;
  config: Record<string, unknown>;
  /** Where the values of a parameter come from; default: the deterministic rule. */
  weight?: (parameter: Parameter) => WeightSpec;
  /** What tells these weights from others; nothing for those of the rule, which follow from the graph. */
  weightsDigest?: string;
}

/** Builds one form of a page, as the case stores it. @throws UnsupportedError when it cannot be stored so */
export function assemble(from: PageSource, work: Pick<Case, 'dtype' | 'style'>, form: GraphOptions['form']) {
  const options = { ...STORAGE[work.dtype ?? 'fp32'], style: work.style ?? 'standard', form };
  const { graph, inputs } = buildModel(from.page, from.config, options);
  if (options.linearWeights !== 'plain' && ![...graph.parameters.values()].some(({ pack }) => pack))
    throw new UnsupportedError('dtype', `${from.name} has no linear weights that can be stored as ${work.dtype}`);
  const bytes = encodeModel(graph, from.name);
  return { graph, inputs, source: { kind: 'graph' as const, bytes, weights: weightSpecs(graph, from.weight) } };
}

/** Inputs of a form at these sizes. */
export function pageFeeds(inputs: Record<string, InputSpec>, sizes: Record<string, number>, graph: Graph): Feeds {
  const made = Object.entries(inputs).map(([name, spec]) => [
    name,
    narrowed(makeInput(name, spec, sizes), graph.options.dtype),
  ]);
  return Object.fromEntries(made);
}

/** A graph and the sizes of a run of it. */
interface SizedGraph {
  graph: Graph;
  sizes: Record<string, number>;
}

/**
 * @param forms all graphs of the model, each with the sizes of its largest run
 * @param counted the run that the case measures
 */
export function factsOf(
  { page, category, weightsDigest }: PageSource,
  forms: readonly (SizedGraph & { bytes: Uint8Array })[],
  counted: SizedGraph,
): ModelFacts {
  const hash = createHash('sha256');
  for (const { bytes } of forms) hash.update(bytes);
  return {
    family: page.family,
    category,
    parameters: countParameters(...forms.map(({ graph }) => graph)),
    modelBytes: forms.reduce(
      (total, { graph, bytes }) =>
        [...graph.parameters.values()].reduce(
          (sum, parameter) => sum + parameterBytes(parameter),
          total + bytes.length,
        ),
      0,
    ),
    nodes: forms.reduce((sum, { graph }) => sum + graph.nodes.length, 0),
    macs: countMacs(counted.graph, counted.sizes),
    weightReadBytes: weightReadBytes(counted.graph, counted.sizes),
    activationBytes: Math.max(...forms.map(({ graph, sizes }) => peakActivationBytes(graph, sizes))),
    graphDigest: hash
      .update(weightsDigest ?? '')
      .digest('hex')
      .slice(0, 16),
  };
}

/** Real inputs in the type of the graph. */
function narrowed(tensor: HostTensor, dtype: GraphOptions['dtype']): HostTensor {
  if (tensor.dtype !== 'float32' || dtype === 'float32') return tensor;
  const values = new Float32Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength / 4);
  const bits = Uint16Array.from(values, dtype === 'float16' ? toFloat16 : toBfloat16);
  return { dtype, shape: tensor.shape, data: new Uint8Array(bits.buffer) };
}
