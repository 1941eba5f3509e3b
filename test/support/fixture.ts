// Reference outputs of transformers (test/fixtures/oracle, or a folder named by HFBENCH_ORACLE) and how ours compare.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { type BuiltModel, buildModel } from '../../models/build.js';
import type { InputSpec, Page } from '../../models/define.js';
import type { Graph, GraphOptions } from '../../src/graph/index.js';
import { encodeModel } from '../../src/graph/onnx/encode.js';
import { integers, uniform } from '../../src/util/fill.js';
import { elementCount } from '../../src/util/tensor.js';

interface Packed {
  dtype: 'float32' | 'int64' | 'bool';
  shape: number[];
  stride: number;
  data: string;
  l2?: number;
  mean?: number;
  nonfinite?: number;
}

interface Spec {
  shape?: number[];
  low?: number;
  high?: number;
  center?: number;
  scale?: number;
  value?: number;
  values?: unknown;
  dtype?: string;
}

export interface Fixture {
  name: string;
  model_type: string;
  model_class: string;
  config: Record<string, unknown>;
  note: string | null;
  parameter_count: number;
  state: [name: string, shape: number[], center: number, scale: number][];
  tied: Record<string, string>;
  inputs: Record<string, Packed & { spec: Spec }>;
  outputs: Record<string, Packed>;
}

export const FOLDER = process.env.HFBENCH_ORACLE ?? 'test/fixtures/oracle';

export function fixtureNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -5))
    .sort();
}

export const hasFixture = (name: string): boolean => existsSync(join(FOLDER, `${name}.json`));
/** The configuration says the class, as a checkpoint's config.json does. */
export function readFixture(name: string): Fixture {
  const fixture: Fixture = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  return { ...fixture, config: { ...fixture.config, architectures: [fixture.model_class] } };
}

type Values = Float32Array | BigInt64Array | Uint8Array;

function unpack(packed: Packed): Values {
  const bytes = Buffer.from(packed.data, 'base64');
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return packed.dtype === 'float32' ? new Float32Array(copy) : new BigInt64Array(copy);
}

/** The whole input, made from its spec and checked against the stored values. */
export function makeInput(name: string, input: Packed & { spec: Spec }): Values {
  const { spec } = input;
  const count = elementCount(input.shape);
  const isFloat = input.dtype === 'float32';
  let values: Values;
  if (spec.values !== undefined) {
    const flat = (spec.values as unknown[]).flat(Infinity) as (number | boolean)[];
    values = isFloat ? Float32Array.from(flat, Number) : BigInt64Array.from(flat, (value) => BigInt(value));
  } else if (spec.value !== undefined) {
    values = isFloat ? new Float32Array(count).fill(spec.value) : new BigInt64Array(count).fill(BigInt(spec.value));
  } else if (spec.low !== undefined) values = integers(`input:${name}`, count, spec.low, spec.high!);
  else values = uniform(`input:${name}`, count, spec.center ?? 0, spec.scale ?? 1);
  const stored = unpack(input);
  for (let index = 0; index < stored.length; index++) {
    if (stored[index] !== values[index * input.stride])
      throw new Error(`input ${name}: value ${index * input.stride} differs from the stored one`);
  }
  return values;
}

/** The bytes of every weight, filled by the fixture's own rows. */
export function weightBytes(graph: Graph, fixture: Fixture): Map<string, Uint8Array> {
  const rows = new Map(fixture.state.map((row) => [row[0], row]));
  const bytes = new Map<string, Uint8Array>();
  for (const parameter of graph.parameters.values()) {
    const row = rows.get(fixture.tied[parameter.source] ?? parameter.source);
    if (!row) throw new Error(`${fixture.name}: the state dict has no '${parameter.source}'`);
    const { shape, slice } = parameter;
    const whole = slice?.of ?? shape;
    if (`${row[1]}` !== `${whole}`)
      throw new Error(`${fixture.name}: '${parameter.source}' is [${whole}], the state dict says [${row[1]}]`);
    const first = slice?.start ?? 0;
    const values = uniform(row[0], elementCount(whole), row[2], row[3]).slice(first, first + elementCount(shape));
    bytes.set(parameter.name, new Uint8Array((parameter.transposed ? transposed(values, shape) : values).buffer));
  }
  return bytes;
}

function transposed(values: Float32Array, [rows, columns]: number[]): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column];
  return turned;
}

const ORT_TYPES: Record<string, 'float32' | 'int64' | 'bool' | 'int32'> = {
  float32: 'float32',
  int64: 'int64',
  bool: 'bool',
  int32: 'int32',
};

function feed(spec: InputSpec, name: string, fixture: Fixture, sizes: Record<string, number>): ort.Tensor {
  const given = fixture.inputs[name];
  const shape = given?.shape ?? spec.shape.map((dim) => (typeof dim === 'number' ? dim : sizes[dim]));
  const count = elementCount(shape);
  let values: Values = given
    ? makeInput(name, given)
    : spec.dtype === 'float32'
      ? new Float32Array(count)
      : new BigInt64Array(count);
  if (!given && spec.values.kind === 'constant')
    values =
      spec.dtype === 'float32'
        ? (values as Float32Array).fill(spec.values.value)
        : (values as BigInt64Array).fill(BigInt(spec.values.value));
  if (spec.dtype === 'bool') values = Uint8Array.from(values as ArrayLike<number | bigint>, Number);
  return new ort.Tensor(ORT_TYPES[spec.dtype], values as never, shape);
}

export interface Comparison {
  output: string;
  relativeL2: number;
}

/** Runs a page on a fixture's configuration, weights and inputs; returns the error of every stored output. */
export async function compare<C>(
  page: Page<C>,
  fixture: Fixture,
  options: Partial<GraphOptions> = {},
): Promise<Comparison[]> {
  const { graph, inputs } = buildFixture(page, fixture, options);
  const weights = weightBytes(graph, fixture);
  const session = await ort.InferenceSession.create(
    encodeModel(graph, fixture.name, (parameter) => ({ bytes: weights.get(parameter.name)! })),
    { logSeverityLevel: 3 },
  );
  const feeds = makeFeeds(inputs, fixture);
  try {
    const results = await session.run(feeds);
    return Object.entries(fixture.outputs).map(([output, packed]) => {
      const found = results[output];
      if (!found)
        throw new Error(
          `${fixture.name}: the page gives no output '${output}' (it gives ${Object.keys(results).join(', ')})`,
        );
      if (`${found.dims}` !== `${packed.shape}`)
        throw new Error(`${fixture.name}: output '${output}' is [${found.dims}], expected [${packed.shape}]`);
      return { output, relativeL2: relativeError(found.data as Float32Array, packed) };
    });
  } finally {
    await session.release();
  }
}

/** The page with the fixture's configuration, taking what the fixture feeds. */
export function buildFixture<C>(page: Page<C>, fixture: Fixture, options: Partial<GraphOptions>): BuiltModel {
  return buildModel(page, fixture.config, options, buildInputNames(page, fixture, options.form ?? 'plain'));
}

/** The fixture's inputs, and constants for those that it leaves out. */
export function makeFeeds(inputs: Record<string, InputSpec>, fixture: Fixture): Record<string, ort.Tensor> {
  const sizes: Record<string, number> = {};
  for (const [name, spec] of Object.entries(inputs)) {
    fixture.inputs[name]?.shape.forEach((size, axis) => {
      const dim = spec.shape[axis];
      if (typeof dim === 'string') sizes[dim] = size;
    });
  }
  return Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, feed(spec, name, fixture, sizes)]));
}

/** Inputs that the graph takes: all the page's own, and the optional ones that the fixture feeds. */
function buildInputNames<C>(page: Page<C>, fixture: Fixture, form: GraphOptions['form']): string[] {
  const config = buildModel(page, fixture.config, { form }).inputs;
  const extra = Object.keys(fixture.inputs).filter((name) => !(name in config));
  return [...Object.keys(config), ...extra];
}

/** Whether an element of an output [batch, seq, ...] belongs to a position that the fixture's mask of that shape keeps; undefined: all do. */
export function keptElements(fixture: Fixture, output: string): ((element: number) => boolean) | undefined {
  const { shape } = fixture.outputs[output];
  for (const name of ['decoder_attention_mask', 'attention_mask']) {
    const input = fixture.inputs[name];
    if (!input || shape.length < 3 || `${shape.slice(0, 2)}` !== `${input.shape}`) continue;
    const mask = makeInput(name, input);
    const width = elementCount(shape.slice(2));
    return (element) => Number(mask[Math.floor(element / width)]) !== 0;
  }
  return undefined;
}

/**
 * ||ours - theirs|| / ||theirs|| over the stored values, or of the whole tensor's norm where that is worse. Equal infinities are equal.
 * @param counts which elements are compared; the whole tensor's norm is then left out
 */
export function relativeError(
  found: ArrayLike<number | bigint>,
  packed: Packed,
  counts?: (element: number) => boolean,
): number {
  const stored = unpack(packed);
  let [difference, norm] = [0, 0];
  for (let index = 0; index < stored.length; index++) {
    if (counts && !counts(index * packed.stride)) continue;
    const [ours, theirs] = [Number(found[index * packed.stride]), Number(stored[index])];
    if (!Number.isFinite(theirs)) {
      if (!Object.is(ours, theirs)) return Number.POSITIVE_INFINITY;
      continue;
    }
    difference += (ours - theirs) ** 2;
    norm += theirs ** 2;
  }
  let error = difference === 0 ? 0 : Math.sqrt(difference / (norm || Number.MIN_VALUE));
  if (packed.l2 !== undefined && !counts) {
    let squares = 0;
    for (let index = 0; index < found.length; index++)
      if (Number.isFinite(Number(found[index]))) squares += Number(found[index]) ** 2;
    error = Math.max(error, Math.abs(Math.sqrt(squares) - packed.l2) / (packed.l2 || 1));
  }
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
