// Every fixture at the narrower dtypes, weights filled and packed by the addon, against the outputs of transformers in float32.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Page } from '../../models/define.js';
import { limitOf } from '../../src/check/limits.js';
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

const NARROW = ['fp16', 'int8', 'int4'] as const;
type Narrow = (typeof NARROW)[number];
/** At int4 REALM retrieves other documents, and then reads those. */
const UNRELATED = new Set(['realm int4']);
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
  for (const dtype of NARROW) {
    if (UNRELATED.has(`${name} ${dtype}`)) continue;
    const limit = limitOf(name, dtype);
    dtypes(`${name}, ${dtype}`, async () => {
      const error = await worst(runtime, page, fixture, dtype);
      assert.ok(error <= limit, `${name} at ${dtype}: relative L2 error ${error}`);
    });
  }
}
dtypes.after(() => runtime.close());
dtypes.run();
