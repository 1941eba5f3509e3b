// The cached form: prefill and then one token at a time gives what the plain form gives for the whole sequence. Encoder-decoders
// run their 'encode' form first and feed its outputs to every step.

import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import type { InputSpec, Page } from '../../models/define.js';
import { dimValue, type GraphOptions } from '../../src/graph/index.js';
import { encodeModel } from '../../src/graph/onnx/encode.js';
import { integers, uniform } from '../../src/util/fill.js';
import { elementCount } from '../../src/util/tensor.js';
import { type Fixture, fixtureNames, readFixture, weightBytes } from '../support/fixture.js';
import { loadPages } from '../support/pages.js';

const [BATCH, LENGTH, SOURCE] = [2, 9, 18];
const SIZES = { batch: BATCH, seq: SOURCE, encoder_seq: SOURCE };
const LIMIT = 1e-4;
/** Decoders that run in the fused style as well: one of each kind of position, cache and mask. */
const FUSED = new Set(['gpt2', 'llama', 'mistral', 'gemma2', 'gptj', 'bloom', 'deepseek', 't5', 'bart']);
type Feeds = Record<string, ort.Tensor>;

async function open<C>(page: Page<C>, fixture: Fixture, form: GraphOptions['form'], style: GraphOptions['style']) {
  const { graph, inputs } = buildModel(page, fixture.config, { form, style });
  const weights = weightBytes(graph, fixture);
  const bytes = encodeModel(graph, page.family, (parameter) => ({ bytes: weights.get(parameter.name)! }));
  return { graph, inputs, session: await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 }) };
}
type Opened = Awaited<ReturnType<typeof open>>;

const int64 = (values: BigInt64Array, shape: number[]) => new ort.Tensor('int64', values, shape);
const ones = (length: number) => int64(new BigInt64Array(BATCH * length).fill(1n), [BATCH, length]);

/** Transformer-XL gives logarithms of probabilities under a name of their own. */
const logitsOf = (result: ort.InferenceSession.ReturnType): ort.Tensor => result.logits ?? result.prediction_scores;

/** States before the first token. */
function noPast(cached: Opened): Feeds {
  const states: Feeds = {};
  for (const { input } of cached.graph.states) {
    const shape = cached.graph.inputs
      .find((tensor) => tensor.name === input)!
      .shape.map((dim) => dimValue(dim, SIZES) ?? 0);
    states[input] = new ort.Tensor('float32', new Float32Array(elementCount(shape)), shape);
  }
  return states;
}

/** Relative error of prefill and single steps against the logits of the whole sequence [BATCH, LENGTH, width]. */
async function stepError(
  cached: Opened,
  idsName: string,
  ids: BigInt64Array,
  whole: ort.Tensor,
  prefill: number,
  feeds: (length: number, total: number) => Feeds,
): Promise<number> {
  const width = whole.dims[2];
  let states = noPast(cached);
  let [difference, norm] = [0, 0];
  for (let past = 0; past < LENGTH; ) {
    const length = past === 0 ? prefill : 1;
    const part = BigInt64Array.from(
      { length: BATCH * length },
      (_, i) => ids[Math.floor(i / length) * LENGTH + past + (i % length)],
    );
    const result = await cached.session.run({
      [idsName]: int64(part, [BATCH, length]),
      ...feeds(length, past + length),
      ...states,
    });
    states = Object.fromEntries(cached.graph.states.map(({ input, output }) => [input, result[output]]));
    const [ours, theirs] = [logitsOf(result).data as Float32Array, whole.data as Float32Array];
    for (let row = 0; row < BATCH * length; row++) {
      const at = (Math.floor(row / length) * LENGTH + past + (row % length)) * width;
      for (let i = 0; i < width; i++) {
        difference += (ours[row * width + i] - theirs[at + i]) ** 2;
        norm += theirs[at + i] ** 2;
      }
    }
    past += length;
  }
  return Math.sqrt(difference / norm);
}

/** An input of the source side; masks end in two places of padding in the last row. */
function sourceInput(name: string, spec: InputSpec): ort.Tensor {
  const shape = spec.shape.map((dim) => dimValue(dim, SIZES)!);
  const { values } = spec;
  const count = elementCount(shape);
  if (values.kind === 'uniform')
    return new ort.Tensor('float32', uniform(name, count, values.center, values.scale), shape);
  if (values.kind === 'integers') return int64(integers(name, count, 5, values.high), shape);
  const filled = new BigInt64Array(count).fill(BigInt(values.value));
  if (name.endsWith('attention_mask') && values.value === 1) filled.fill(0n, count - 2);
  return int64(filled, shape);
}

function report(name: string, error: number): void {
  if (process.env.HFBENCH_VERBOSE) console.log(`${name}: ${error.toExponential(2)}`);
  assert.ok(error <= LIMIT, `${name}: relative L2 error ${error}`);
}

async function checkDecoder<C>(
  name: string,
  page: Page<C>,
  fixture: Fixture,
  style: GraphOptions['style'],
): Promise<void> {
  const plain = await open(page, fixture, 'plain', style);
  const cached = await open(page, fixture, 'cached', style);
  const ids = integers('cache-test', BATCH * LENGTH, 5, (fixture.config.vocab_size as number) ?? 99);
  const extra = (inputs: typeof plain.inputs, length: number, total: number): Feeds =>
    Object.fromEntries(
      Object.keys(inputs)
        .filter((input) => input !== 'input_ids')
        .map((input) => [input, ones(input === 'attention_mask' ? total : length)]),
    );
  const whole = await plain.session.run({
    input_ids: int64(ids, [BATCH, LENGTH]),
    ...extra(plain.inputs, LENGTH, LENGTH),
  });
  report(
    name,
    await stepError(cached, 'input_ids', ids, logitsOf(whole), 4, (length, total) =>
      extra(cached.inputs, length, total),
    ),
  );
  await Promise.all([plain.session.release(), cached.session.release()]);
}

/** transformers computes other values for a whole sequence than step by step: the cached form is compared with itself. */
const UNLIKE_PLAIN = new Set(['prophetnet']);

/** Where a step computes other values than the whole sequence does: experts that are full for a sequence are free in a step. */
const CHANGED: Record<string, Record<string, unknown>> = { switch_transformers: { expert_capacity: 64 } };

const isOwnMask = (input: string, idsName: string): boolean => input === idsName.replace('input_ids', 'attention_mask');

async function checkEncoderDecoder<C>(
  name: string,
  page: Page<C>,
  fixture: Fixture,
  style: GraphOptions['style'],
): Promise<void> {
  const [plain, encode, cached] = [
    await open(page, fixture, 'plain', style),
    await open(page, fixture, 'encode', style),
    await open(page, fixture, 'cached', style),
  ];
  const idsName = 'decoder_input_ids' in cached.inputs ? 'decoder_input_ids' : 'input_ids';
  const { values } = cached.inputs[idsName];
  const ids = integers('cache-test', BATCH * LENGTH, 5, values.kind === 'integers' ? values.high : 99);
  const source: Feeds = {};
  for (const [input, spec] of Object.entries(plain.inputs))
    if (input !== idsName && !isOwnMask(input, idsName)) source[input] = sourceInput(input, spec);
  const own = (inputs: typeof plain.inputs, total: number): Feeds =>
    Object.fromEntries(
      Object.keys(inputs)
        .filter((input) => isOwnMask(input, idsName))
        .map((input) => [input, ones(total)]),
    );
  const whole = await plain.session.run({
    ...source,
    ...own(plain.inputs, LENGTH),
    [idsName]: int64(ids, [BATCH, LENGTH]),
  });
  const encoded = await encode.session.run(
    Object.fromEntries(Object.keys(encode.inputs).map((input) => [input, source[input]])),
  );
  const constant: Feeds = {};
  for (const { name: input } of cached.graph.inputs) {
    const found = encoded[input] ?? source[input] ?? (input === 'encoder_attention_mask' && source.attention_mask);
    if (found && input !== idsName) constant[input] = found;
  }
  const feeds = (total: number): Feeds => ({ ...constant, ...own(cached.inputs, total) });
  const reference = UNLIKE_PLAIN.has(page.family)
    ? (await cached.session.run({ ...feeds(LENGTH), ...noPast(cached), [idsName]: int64(ids, [BATCH, LENGTH]) })).logits
    : whole.logits;
  for (const prefill of [1, 4]) {
    const error = await stepError(cached, idsName, ids, reference, prefill, (_, total) => feeds(total));
    report(`${name} (prefill of ${prefill})`, error);
  }
  await Promise.all([plain, encode, cached].map(({ session }) => session.release()));
}

const cache = suite('cache');
const pages = await loadPages();
const only = process.env.HFBENCH_ONLY?.split(',');
for (const name of fixtureNames().filter((name) => !only || only.includes(name))) {
  const fixture = readFixture(name);
  const page = pages.find(
    (page) => page.modelTypes.includes(fixture.model_type) && page.architectures.includes(fixture.model_class),
  );
  // A configuration whose layers look both ways is an encoder: its page has the cached form for the others only.
  if (!page?.forms?.includes('cached') || (fixture.config.is_decoder === false && page.family === 'bert_generation'))
    continue;
  const changed = { ...fixture, config: { ...fixture.config, ...CHANGED[name] } };
  for (const style of FUSED.has(name) ? (['standard', 'fused'] as const) : (['standard'] as const)) {
    const title = `${name}, ${style}`;
    if (page.forms.includes('encode')) cache(title, () => checkEncoderDecoder(title, page, changed, style));
    else if ('input_ids' in fixture.inputs) cache(title, () => checkDecoder(title, page, fixture, style));
  }
}
cache.run();
