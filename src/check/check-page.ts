// One reference against its page, on any runtime and provider: does the graph compute what transformers computed?

import { buildModel } from '../../models/build.js';
import type { Page } from '../../models/define.js';
import { makeInput } from '../../models/inputs.js';
import { encodeModel, filled, type GraphOptions, type Parameter, weightSpecs } from '../graph/index.js';
import type { Runtime, SessionRequest } from '../runtime/session.js';
import { UsageError } from '../util/error.js';
import { fromFloat16, toFloat16 } from '../util/half.js';
import type { HostTensor } from '../util/tensor.js';
import type { WeightSpec } from '../util/weight.js';
import { type Reference, referenceInput, relativeError } from './reference.js';

export interface OutputError {
  output: string;
  relativeL2: number;
}

const REQUEST: Omit<SessionRequest, 'source' | 'provider' | 'providerOptions'> = {
  intraOpThreads: 1,
  interOpThreads: 1,
  optimization: 'all',
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions: {},
};

/** @returns the error of every output that the reference stores @throws UsageError, GraphError, OrtError */
export async function checkPage<C>(
  page: Page<C>,
  reference: Reference,
  runtime: Runtime,
  options: { graph?: Partial<GraphOptions>; provider?: string; providerOptions?: Record<string, string> } = {},
): Promise<OutputError[]> {
  const wanted = Object.keys(reference.inputs);
  const own = Object.keys(buildModel(page, reference.config, options.graph).inputs);
  const names = [...own, ...wanted.filter((name) => !own.includes(name))];
  const { graph, inputs } = buildModel(page, reference.config, options.graph, names);
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
  const weights = weightSpecs(graph, (parameter) => weightOf(parameter, reference));
  const session = await runtime.open({
    ...REQUEST,
    source: { kind: 'graph', bytes: encodeModel(graph, reference.name), weights },
    provider: options.provider ?? 'cpu',
    providerOptions: options.providerOptions ?? {},
  });
  try {
    await session.bind(feeds);
    await session.runOnce();
    const results = await session.readOutputs();
    return Object.entries(reference.outputs).map(([output, packed]) => {
      const found = results[output];
      if (!found)
        throw new UsageError(
          `${reference.name}: the page gives no output '${output}' (it gives ${Object.keys(results).join(', ')})`,
        );
      if (`${found.shape}` !== `${packed.shape}`)
        throw new UsageError(`${reference.name}: output '${output}' is [${found.shape}], expected [${packed.shape}]`);
      return { output, relativeL2: relativeError(valuesOf(found), packed) };
    });
  } finally {
    await session.close();
  }
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

/** An input in the type that the graph takes. */
function converted(tensor: HostTensor, dtype: HostTensor['dtype']): HostTensor {
  if (tensor.dtype === dtype) return tensor;
  const values = valuesOf(tensor);
  const view = (() => {
    if (dtype === 'float16') return Uint16Array.from(values as Float32Array, toFloat16);
    if (dtype === 'bool') return Uint8Array.from(values as ArrayLike<number | bigint>, Number);
    if (dtype === 'int32') return Int32Array.from(values as ArrayLike<number | bigint>, Number);
    throw new UsageError(`inputs of type ${dtype} cannot be made of ${tensor.dtype}`);
  })();
  return { dtype, shape: tensor.shape, data: new Uint8Array(view.buffer) };
}

/** The elements as numbers. */
export function valuesOf({ dtype, data }: HostTensor): ArrayLike<number | bigint> {
  const aligned = data.byteOffset % 8 === 0 ? data : data.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), fromFloat16);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, byteLength / 8);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'bool':
    case 'uint8':
      return aligned;
    default:
      throw new UsageError(`values of type ${dtype} cannot be compared`);
  }
}
