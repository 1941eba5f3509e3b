// Every fixture at the narrower dtypes, weights filled and packed by the addon, against the outputs of transformers in float32.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Page } from '../../models/define.js';
import { encodeModel, filled, type Graph, type GraphOptions, weightSpecs } from '../../src/graph/index.js';
import { nativeRuntime } from '../../src/runtime/native.js';
import type { Runtime, SessionRequest } from '../../src/runtime/session.js';
import { toFloat16 } from '../../src/util/half.js';
import type { HostTensor } from '../../src/util/tensor.js';
import type { WeightSpec } from '../../src/util/weight.js';
import {
  buildFixture,
  type Fixture,
  fixtureNames,
  keptElements,
  makeFeeds,
  readFixture,
  relativeError,
} from '../support/fixture.js';
import { loadPages } from '../support/pages.js';

/**
 * Relative L2 error of an output, at most. Rounding to fp16 is off by up to 2^-11 = 4.9e-4, some 1e-3 behind the few layers of a
 * fixture. int8 rounds weights to 127 steps per output channel and activations to 255 per tensor: for even values an rms of
 * 0.5 % of each product's factors, which 10 to 20 products in a row bring to 2 %. int4 has steps of 1/8 of a block's largest
 * entry: sqrt(1/12) / 8 against an rms of sqrt(1/3), so 6 % of the weights, some 15 % behind the layers. The limits are
 * 2.5 to 5 times what most fixtures show, and far below sqrt(2), the error of an unrelated output.
 */
const LIMITS = { fp16: 3e-3, int8: 8e-2, int4: 0.45 };
type Narrow = keyof typeof LIMITS;

/** Fixtures that need more room, and why. Infinity: not compared. */
const EXCEPTIONS: Record<string, Partial<Record<Narrow, number>>> = {
  // The layers that all share their weights err in the same direction.
  albert: { int4: 0.9 },
  // Its inner layers read padding on the left, whose rows see no key: what they hold depends on rounding.
  canine_model: { fp16: 0.3 },
  // Errors of any kind grow some six times as much as elsewhere, fp32's own rounding (1.7e-6) among them.
  jamba: { fp16: 1.5e-2, int8: 0.4, int4: 1 },
  longt5: { fp16: 1.5e-2, int8: 0.25, int4: 1 },
  // A token near the border between two experts goes to the other one.
  deepseek_r1: { int8: 0.25 },
  jetmoe: { fp16: 0.1 },
  phimoe: { fp16: 0.2 },
  // Chooses the blocks that it looks at by size, which rounding changes where they are close.
  mra_priors: { fp16: 2e-2 },
  // Its activations are rounded to 8 bits: one that lies near a border takes the next step.
  qdqbert: { fp16: 0.1 },
  // A token near the border between two hash buckets goes to the other one.
  reformer_masked_lm: { int8: 0.25 },
  reformer_two_lengths: { int8: 0.25 },
  // Recurrences hand errors on from token to token.
  mamba_biases: { int8: 0.2 },
  recurrent_gemma_untied: { int4: 1 },
  // Retrieves other documents, and then reads those.
  realm: { int4: Number.POSITIVE_INFINITY },
};

const STORAGE: Record<Narrow, Partial<GraphOptions>> = {
  fp16: { dtype: 'float16' },
  int8: { linearWeights: 'int8' },
  int4: { linearWeights: 'int4' },
};

const REQUEST: Omit<SessionRequest, 'source' | 'optimization'> = {
  provider: 'cpu',
  providerOptions: {},
  intraOpThreads: 1,
  interOpThreads: 1,
  spinning: false,
  memoryPattern: true,
  cpuArena: true,
  denormalsAsZero: false,
  config: {},
  freeDimensions: {},
};

/** The fixture's weights by the addon's rule: its state rows are the rule's names, centers and scales. */
function specs(graph: Graph, fixture: Fixture): WeightSpec[] {
  const rows = new Map(fixture.state.map((row) => [row[0], row]));
  return weightSpecs(graph, (parameter) => {
    const [stream, , center, scale] = rows.get(fixture.tied[parameter.source] ?? parameter.source)!;
    const start = parameter.slice ? { start: parameter.slice.start } : {};
    return { ...filled(parameter), values: { kind: 'fill', stream, center, scale, ...start } };
  });
}

function floats({ dtype, data, shape }: HostTensor): ArrayLike<number | bigint> {
  const count = shape.reduce((product, size) => product * size, 1);
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  if (dtype === 'float16') return Float32Array.from(new Uint16Array(buffer, 0, count), fromFloat16);
  if (dtype === 'int64') return new BigInt64Array(buffer, 0, count);
  assert.is(dtype, 'float32');
  return new Float32Array(buffer, 0, count);
}

function fromFloat16(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

/** The largest relative error of the fixture's outputs, over positions that the mask keeps: a row without keys depends on rounding. */
async function worst(runtime: Runtime, page: Page<unknown>, fixture: Fixture, dtype: Narrow): Promise<number> {
  const { graph, inputs } = buildFixture(page, fixture, STORAGE[dtype]);
  const packed = [...graph.parameters.values()].some(({ pack }) => pack);
  assert.is(packed, dtype !== 'fp16', 'whether linear weights are packed');
  const source = { kind: 'graph', bytes: encodeModel(graph, fixture.name), weights: specs(graph, fixture) } as const;
  const session = await runtime.open({
    ...REQUEST,
    source,
    // ONNX Runtime 1.30 crashes in the extended optimisation of some fp16 graphs with symbolic sizes (funnel, xlnet_plain).
    optimization: dtype === 'fp16' ? 'basic' : 'all',
  });
  try {
    const feeds = Object.entries(makeFeeds(inputs, fixture)).map(
      ([name, { data, dims, type }]): [string, HostTensor] => {
        const half = type === 'float32' && graph.options.dtype === 'float16';
        const values = half ? Uint16Array.from(data as Float32Array, toFloat16) : (data as Float32Array);
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        return [name, { dtype: half ? 'float16' : (type as HostTensor['dtype']), shape: [...dims], data: bytes }];
      },
    );
    await session.bind(Object.fromEntries(feeds));
    await session.runOnce();
    const found = await session.readOutputs();
    return Math.max(
      ...Object.entries(fixture.outputs).map(([name, packed]) => {
        const error = relativeError(floats(found[name]), packed, keptElements(fixture, name));
        if (process.env.HFBENCH_VERBOSE) console.log(`${dtype} ${error.toExponential(2)} ${fixture.name}.${name}`);
        return error;
      }),
    );
  } finally {
    await session.close();
  }
}

const dtypes = suite('dtypes');
const runtime = await nativeRuntime({ ortLibrary: null });
const pages = await loadPages();
const only = process.env.HFBENCH_ONLY?.split(',');
for (const name of fixtureNames().filter((name) => !only || only.includes(name))) {
  const fixture = readFixture(name);
  const page = pages.find(
    (page) => page.modelTypes.includes(fixture.model_type) && page.architectures.includes(fixture.model_class),
  );
  if (!page) continue;
  for (const dtype of Object.keys(LIMITS) as Narrow[]) {
    const limit = EXCEPTIONS[name]?.[dtype] ?? LIMITS[dtype];
    if (limit === Number.POSITIVE_INFINITY) continue;
    dtypes(`${name}, ${dtype}`, async () => {
      const error = await worst(runtime, page, fixture, dtype);
      assert.ok(error <= limit, `${name} at ${dtype}: relative L2 error ${error}`);
    });
  }
}
dtypes.after(() => runtime.close());
dtypes.run();
