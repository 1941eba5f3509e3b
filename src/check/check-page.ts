// One reference against its page, on any runtime and provider: does the graph compute what transformers computed?

import { createHash } from 'node:crypto';
import { buildModel } from '../../models/build.js';
import type { Page } from '../../models/define.js';
import { makeInput } from '../../models/inputs.js';
import { encodeModel, filled, type GraphOptions, type Parameter, STORAGE, weightSpecs } from '../graph/index.js';
import type { CellChoice, Placement } from '../matrix/cell.js';
import { assignmentsOf, NOTE_ASSIGNMENTS, placementOf, profileOneRun } from '../run/placement.js';
import type { Runtime, Session, SessionRequest } from '../runtime/session.js';
import { UnsupportedError, UsageError } from '../util/error.js';
import type { HostTensor } from '../util/tensor.js';
import { numbersOf } from '../util/tensor-values.js';
import type { WeightSpec } from '../util/weight.js';
import { converted } from './input-type.js';
import { keptElements, type Reference, referenceInput, relativeError } from './reference.js';

/** A reference as a session takes it. */
export interface Prepared {
  reference: Reference;
  graph: Uint8Array;
  weights: WeightSpec[];
  feeds: Record<string, HostTensor>;
  /** Whether rounding differs so much that rows of padding, which see no key, are left out. */
  narrow: boolean;
  /** Nodes of the graph as built. */
  nodes: number;
  graphDigest: string;
}

const REQUEST: Omit<SessionRequest, 'source' | 'provider' | 'providerOptions'> = {
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: NOTE_ASSIGNMENTS,
  freeDimensions: {},
};

/** Builds the page with the reference's configuration. @throws UsageError, UnsupportedError, GraphError */
export function prepare<C>(
  page: Page<C>,
  reference: Reference,
  { dtype, style }: Pick<CellChoice, 'dtype' | 'style'>,
): Prepared {
  const options: Partial<GraphOptions> = { ...STORAGE[dtype], style };
  const wanted = Object.keys(reference.inputs);
  const own = Object.keys(buildModel(page, reference.config, options).inputs);
  const names = [...own, ...wanted.filter((name) => !own.includes(name))];
  const { graph, inputs } = buildModel(page, reference.config, options, names);
  if (options.linearWeights !== 'plain' && ![...graph.parameters.values()].some(({ pack }) => pack))
    throw new UnsupportedError('dtype', `it has no linear weights that can be stored as ${dtype}`);
  const sizes: Record<string, number> = {};
  for (const [name, { shape }] of Object.entries(inputs)) {
    reference.inputs[name]?.shape.forEach((size, axis) => {
      if (typeof shape[axis] === 'string') sizes[shape[axis]] = size;
    });
  }
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => {
      const given = reference.inputs[name];
      const made = given ? referenceInput(name, given) : makeInput(name, spec, sizes);
      return [name, converted(made, spec.dtype === 'float32' ? graph.options.dtype : spec.dtype)];
    }),
  );
  const bytes = encodeModel(graph, reference.name);
  return {
    reference,
    graph: bytes,
    weights: weightSpecs(graph, (parameter) => weightOf(parameter, reference)),
    feeds,
    narrow: dtype !== 'fp32',
    nodes: graph.nodes.length,
    graphDigest: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  };
}

function weightOf(parameter: Parameter, reference: Reference): WeightSpec {
  const source = reference.tied[parameter.source] ?? parameter.source;
  const row = reference.state.find(([name]) => name === source);
  const whole = parameter.slice?.of ?? parameter.shape;
  if (!row) throw new UsageError(`${reference.name}: the state dict has no '${parameter.source}'`);
  if (`${row[1]}` !== `${whole}`)
    throw new UsageError(`${reference.name}: '${parameter.source}' is [${whole}], the state dict says [${row[1]}]`);
  const spec = filled(parameter);
  return { ...spec, values: { ...spec.values, kind: 'fill', stream: row[0], center: row[2], scale: row[3] } };
}

/** @throws OrtError where the provider or the library cannot load it */
export function open(
  { graph, weights }: Prepared,
  runtime: Runtime,
  choice: Pick<CellChoice, 'provider' | 'providerOptions'>,
): Promise<Session> {
  const { provider, providerOptions } = choice;
  return runtime.open({ ...REQUEST, source: { kind: 'graph', bytes: graph, weights }, provider, providerOptions });
}

/** Where the nodes are, by what ran and what the library noted; null where it cannot tell. @param ortName of the provider */
export async function placed(
  { nodes }: Prepared,
  session: Session,
  provider: string,
  ortName: string,
): Promise<Placement | null> {
  // Nothing else takes part.
  if (provider === 'cpu') return { nodes, onProvider: nodes, elsewhere: [] };
  const found = placementOf(
    session.providerName ?? ortName,
    await profileOneRun(session),
    await assignmentsOf(session),
  );
  if (!found) return null;
  const elsewhere = found.fallback.map(({ op, nodes: count }) => ({ operator: op, count }));
  const all = found.providers.reduce((sum, { nodes: count }) => sum + count, 0);
  return { nodes: all, onProvider: all - elsewhere.reduce((sum, { count }) => sum + count, 0), elsewhere };
}

export interface Compared {
  /** Relative L2 error of the worst output; infinite where a value that should be finite is not. */
  error: number;
  output: string;
}

/** An output that cannot be compared: missing, or of another shape. */
export class WrongOutput extends Error {}

/** Runs once and compares. @throws OrtError, WrongOutput */
export async function run({ feeds }: Prepared, session: Session): Promise<Record<string, HostTensor>> {
  await session.bind(feeds);
  await session.runOnce();
  return session.readOutputs();
}

/** @returns the worst output @throws WrongOutput */
export function compare({ reference, narrow }: Prepared, results: Record<string, HostTensor>): Compared {
  const compared = Object.entries(reference.outputs).map(([output, packed]): Compared => {
    const found = results[output];
    if (!found) throw new WrongOutput(`there is no output '${output}' (there are ${Object.keys(results).join(', ')})`);
    if (`${found.shape}` !== `${packed.shape}`)
      throw new WrongOutput(`output '${output}' is [${found.shape}], expected [${packed.shape}]`);
    const counts = narrow ? keptElements(reference, output) : undefined;
    return { output, error: relativeError(numbersOf(found)!, packed, counts) };
  });
  return compared.reduce((a, b) => (b.error > a.error ? b : a));
}
