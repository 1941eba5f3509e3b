// A model of the zoo as the source of a case: page -> graph -> bytes, weights by the deterministic rule, inputs by the page.

import { createHash } from 'node:crypto';
import { buildModel, countParameters } from '../../models/build.js';
import { makeInput } from '../../models/inputs.js';
import { findModel, loadPage } from '../../models/registry.js';
import {
  countMacs,
  encodeModel,
  type Graph,
  type GraphOptions,
  parameterBytes,
  weightReadBytes,
  weightSpecs,
} from '../graph/index.js';
import { UsageError } from '../util/error.js';
import { toBfloat16, toFloat16 } from '../util/half.js';
import type { HostTensor } from '../util/tensor.js';
import type { Case, CaseDType } from './case.js';
import type { Feeds } from './feeds.js';
import type { ModelFacts } from './outcome.js';
import type { RunSettings } from './settings.js';
import type { OpenedSource } from './source.js';

/** How a case's dtype is stored: activations and weights, and the weights of linear layers where they differ. */
const STORAGE: Record<CaseDType, Pick<GraphOptions, 'dtype' | 'linearWeights'>> = {
  fp32: { dtype: 'float32', linearWeights: 'plain' },
  fp16: { dtype: 'float16', linearWeights: 'plain' },
  bf16: { dtype: 'bfloat16', linearWeights: 'plain' },
  int8: { dtype: 'float32', linearWeights: 'int8' },
  int4: { dtype: 'float32', linearWeights: 'int4' },
};

const DEFAULT_SEQ = 128;

export interface ZooChoice {
  name: string;
  size: 'tiny' | 'full';
  dtype: CaseDType;
  style: 'standard' | 'fused';
}

/**
 * Builds the graph of a zoo model: page, configuration, storage.
 * @throws UsageError for a name that the zoo does not have, or a form that the model does not have
 */
export async function buildZoo({ name, size, dtype, style }: ZooChoice) {
  const row = findModel(name);
  if (!row) throw new UsageError(`model '${name}' is unknown; 'hfbench models' lists all`);
  const page = await loadPage(row);
  const config = size === 'tiny' ? page.tiny : page.variants[name].config;
  return { row, page, ...buildModel(page, config, { ...STORAGE[dtype], style }) };
}

/** @throws UsageError for a name that the zoo does not have */
export async function openZoo(name: string, work: Case, settings: RunSettings): Promise<OpenedSource> {
  const started = process.hrtime.bigint();
  const { row, page, graph, inputs } = await buildZoo({
    name,
    size: work.size ?? 'full',
    dtype: work.dtype ?? 'fp32',
    style: work.style ?? 'standard',
  });
  const bytes = encodeModel(graph, name);
  const weights = weightSpecs(graph);
  const graphBuildNs = Number(process.hrtime.bigint() - started);

  const sizes = {
    seq: DEFAULT_SEQ,
    ...page.sizes,
    batch: work.batch,
    ...(work.seq === null ? {} : { seq: work.seq }),
    ...settings.dims,
  };
  const feeds = (): Feeds =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, spec]) => [name, narrowed(makeInput(name, spec, sizes), graph.options.dtype)]),
    );
  return {
    source: { kind: 'graph', bytes, weights },
    facts: factsOf(graph, bytes, sizes, { family: row.family, category: row.category }),
    graphBuildNs,
    freeDimensions: Object.fromEntries(Object.entries(sizes).filter(([name]) => graph.symbols().includes(name))),
    *feeds() {
      yield feeds();
    },
    advice: () => null,
  };
}

function factsOf(
  graph: Graph,
  bytes: Uint8Array,
  sizes: Record<string, number>,
  place: Pick<ModelFacts, 'family' | 'category'>,
): ModelFacts {
  return {
    ...place,
    parameters: countParameters(graph),
    modelBytes: [...graph.parameters.values()].reduce(
      (sum, parameter) => sum + parameterBytes(parameter),
      bytes.length,
    ),
    nodes: graph.nodes.length,
    macs: countMacs(graph, sizes),
    weightReadBytes: weightReadBytes(graph, sizes),
    // The weights follow from the graph by the fill rule, so its bytes tell everything.
    graphDigest: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  };
}

/** Real inputs in the type of the graph. */
function narrowed(tensor: HostTensor, dtype: GraphOptions['dtype']): HostTensor {
  if (tensor.dtype !== 'float32' || dtype === 'float32') return tensor;
  const values = new Float32Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength / 4);
  const bits = Uint16Array.from(values, dtype === 'float16' ? toFloat16 : toBfloat16);
  return { dtype, shape: tensor.shape, data: new Uint8Array(bits.buffer) };
}
