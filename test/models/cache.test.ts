// The cached form: prefill and then one token at a time gives what the plain form gives for the whole sequence.

import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import type { Page } from '../../models/define.js';
import { encodeModel } from '../../src/graph/onnx/encode.js';
import { integers } from '../../src/util/fill.js';
import { elementCount } from '../../src/util/tensor.js';
import { type Fixture, fixtureNames, readFixture, weightBytes } from '../support/fixture.js';
import { loadPages } from '../support/pages.js';

const [BATCH, LENGTH, PREFILL] = [2, 9, 4];
const LIMIT = 1e-4;

async function open<C>(page: Page<C>, fixture: Fixture, form: 'plain' | 'cached') {
  const { graph, inputs } = buildModel(page, fixture.config, { form });
  const weights = weightBytes(graph, fixture);
  const bytes = encodeModel(graph, page.family, (parameter) => ({ bytes: weights.get(parameter.name)! }));
  return { graph, inputs, session: await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 }) };
}

const int64 = (values: BigInt64Array, shape: number[]) => new ort.Tensor('int64', values, shape);
const ones = (length: number) => int64(new BigInt64Array(BATCH * length).fill(1n), [BATCH, length]);

const cache = suite('cache');
const pages = await loadPages();
const only = process.env.HFBENCH_ONLY?.split(',');
for (const name of fixtureNames().filter((name) => !only || only.includes(name))) {
  const fixture = readFixture(name);
  const page = pages.find(
    (page) => page.modelTypes.includes(fixture.model_type) && page.architectures.includes(fixture.model_class),
  );
  if (!page?.forms?.includes('cached') || !('input_ids' in fixture.inputs) || 'decoder_input_ids' in fixture.inputs)
    continue;
  cache(name, async () => {
    const plain = await open(page, fixture, 'plain');
    const cached = await open(page, fixture, 'cached');
    const vocabulary = (fixture.config.vocab_size as number) ?? 99;
    const ids = integers('cache-test', BATCH * LENGTH, 5, vocabulary);
    const extra = (inputs: typeof plain.inputs, length: number, total: number) =>
      Object.fromEntries(
        Object.keys(inputs)
          .filter((input) => input !== 'input_ids')
          .map((input) => [input, ones(input === 'attention_mask' ? total : length)]),
      );
    const whole = await plain.session.run({
      input_ids: int64(ids, [BATCH, LENGTH]),
      ...extra(plain.inputs, LENGTH, LENGTH),
    });
    const width = whole.logits.dims[2];

    let states: Record<string, ort.Tensor> = {};
    for (const { input } of cached.graph.states) {
      const shape = cached.graph.inputs
        .find((tensor) => tensor.name === input)!
        .shape.map((dim) => (dim === 'batch' ? BATCH : typeof dim === 'number' ? dim : 0));
      states[input] = new ort.Tensor('float32', new Float32Array(elementCount(shape)), shape);
    }
    let [difference, norm] = [0, 0];
    for (let past = 0; past < LENGTH; ) {
      const length = past === 0 ? PREFILL : 1;
      const part = BigInt64Array.from(
        { length: BATCH * length },
        (_, i) => ids[Math.floor(i / length) * LENGTH + past + (i % length)],
      );
      const result = await cached.session.run({
        input_ids: int64(part, [BATCH, length]),
        ...extra(cached.inputs, length, past + length),
        ...states,
      });
      states = Object.fromEntries(cached.graph.states.map(({ input, output }) => [input, result[output]]));
      const [ours, theirs] = [result.logits.data as Float32Array, whole.logits.data as Float32Array];
      for (let row = 0; row < BATCH * length; row++) {
        const at = (Math.floor(row / length) * LENGTH + past + (row % length)) * width;
        for (let i = 0; i < width; i++) {
          difference += (ours[row * width + i] - theirs[at + i]) ** 2;
          norm += theirs[at + i] ** 2;
        }
      }
      past += length;
    }
    await Promise.all([plain.session.release(), cached.session.release()]);
    const error = Math.sqrt(difference / norm);
    if (process.env.HFBENCH_VERBOSE) console.log(`${name}: ${error.toExponential(2)}`);
    assert.ok(error <= LIMIT, `${name}: relative L2 error ${error}`);
  });
}
cache.run();
