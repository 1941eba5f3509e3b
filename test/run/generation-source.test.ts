// What scenario generate runs computes what the plain form computes for the whole text: the logits of every token, through the
// sources, sessions and loops of a real run.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findModel, loadPage } from '../../models/registry.js';
import type { Case } from '../../src/run/case.js';
import { openSession } from '../../src/run/encoded-session.js';
import { assemble, pageFeeds } from '../../src/run/page-source.js';
import { DEFAULT_SETTINGS } from '../../src/run/settings.js';
import { type OpenedSource, openSource } from '../../src/run/source.js';
import { nativeRuntime } from '../../src/runtime/native.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { Runtime } from '../../src/runtime/session.js';
import type { HostTensor } from '../../src/util/tensor.js';
import { errorOf } from '../support/ort.js';
import { requestOf } from '../support/session-request.js';
import { zooCase } from '../support/zoo-case.js';

const [BATCH, PROMPT, GENERATE] = [2, 9, 6];
const LIMIT = 1e-4;
const runtimes = { native: await nativeRuntime({ ortLibrary: null }), node: await nodeRuntime() };
const test = suite('generation source');

const generating = (model: string, changes: Partial<Case> = {}): Case =>
  zooCase(model, {
    scenario: 'generate',
    seq: null,
    generation: { prompt: PROMPT, generate: GENERATE },
    batch: BATCH,
    ...changes,
  });

const logitsOf = (outputs: Record<string, HostTensor>): HostTensor => (outputs.logits ?? outputs.prediction_scores)!;
const floatsOf = ({ data }: HostTensor) => new Float32Array(data.slice().buffer);

/** The tokens that a generation feeds in one text: int64 [batch, first + steps]. */
function wholeText(first: HostTensor, steps: { data: Uint8Array }): HostTensor {
  const [batch, length] = first.shape as [number, number];
  const [prompt, more] = [first.data, steps.data].map((data) => new BigInt64Array(data.slice().buffer));
  const count = more!.length / batch;
  const ids = new BigInt64Array(batch * (length + count));
  for (let row = 0; row < batch; row++) {
    const start = row * (length + count);
    ids.set(prompt!.subarray(row * length, (row + 1) * length), start);
    for (let i = 0; i < count; i++) ids[start + length + i] = more![i * batch + row]!;
  }
  return { dtype: 'int64', shape: [batch, length + count], data: new Uint8Array(ids.buffer) };
}

/** Logits [batch, tokens, words] of the plain form. */
async function plainLogits(model: string, work: Case, opened: OpenedSource): Promise<HostTensor> {
  const row = findModel(model)!;
  const page = await loadPage(row);
  const from = { name: model, page, category: row.category, config: page.tiny };
  const { graph, inputs, source } = assemble(from, work, 'plain');
  const idsName = 'decoder_input_ids' in inputs ? 'decoder_input_ids' : 'input_ids';
  const [first] = opened.feeds([]);
  const ids = wholeText(first![idsName]!, opened.generation!.steps.find(({ name }) => name === idsName)!);
  const total = ids.shape[1]!;
  const seq = idsName === 'input_ids' ? total : PROMPT;
  const feeds = pageFeeds(inputs, { ...page.sizes, batch: BATCH, seq, decoder_seq: total }, graph);
  const session = await runtimes.native.open(requestOf(source));
  await session.bind({ ...feeds, [idsName]: ids });
  await session.runOnce();
  const logits = logitsOf(await session.readOutputs());
  await session.close();
  return logits;
}

/** Largest relative error over the runs of a generation, each run's last token against the whole text's logits. */
async function largestError(model: string, work: Case, runtime: Runtime): Promise<number> {
  const opened = await openSource(work, DEFAULT_SETTINGS);
  const whole = await plainLogits(model, work, opened);
  const [, total, words] = whole.shape as [number, number, number];
  const theirs = floatsOf(whole);
  const session = await openSession(runtime, requestOf(opened.source, opened.freeDimensions), opened);
  const [feeds] = opened.feeds(session.inputs);
  await session.bind(feeds!);
  await session.runOnce();
  let largest = 0;
  for (let runs = 1; runs <= GENERATE + 1; runs++) {
    const block = await session.generate({ ...opened.generation!, runs });
    assert.is(block.durationsNs.length, runs);
    const logits = logitsOf(await session.readOutputs());
    const length = logits.shape[1]!;
    assert.equal(logits.shape, [BATCH, runs === 1 ? total - GENERATE : 1, words]);
    const ours = floatsOf(logits);
    const place = total - GENERATE + runs - 2;
    let [difference, norm] = [0, 0];
    for (let row = 0; row < BATCH; row++) {
      for (let i = 0; i < words; i++) {
        const expected = theirs[(row * total + place) * words + i]!;
        difference += (ours[(row * length + length - 1) * words + i]! - expected) ** 2;
        norm += expected ** 2;
      }
    }
    largest = Math.max(largest, Math.sqrt(difference / norm));
  }
  await session.close();
  return largest;
}

/** One of each kind of state: growing, windowed, recurrent, both; encoders of tokens and of sound. */
const MODELS = ['gpt2', 'llama', 'mistral', 'mamba', 'rwkv', 'jamba', 'transfo_xl', 't5', 'bart', 'whisper'];
for (const model of MODELS) {
  test(`${model}: every token's logits are those of the whole text`, async () => {
    const error = await largestError(model, generating(model), runtimes.native);
    assert.ok(error <= LIMIT, `relative L2 error ${error}`);
  });
}

for (const [model, style] of [
  ['llama', 'fused'],
  ['t5', 'standard'],
] as const) {
  test(`${model} (${style}) on onnxruntime-node: the same`, async () => {
    const error = await largestError(model, generating(model, { style }), runtimes.node);
    assert.ok(error <= LIMIT, `relative L2 error ${error}`);
  });
}

test('the cache holds what the shapes say', async () => {
  const bytes = async (model: string) => {
    const opened = await openSource(generating(model), DEFAULT_SETTINGS);
    const session = await openSession(runtimes.native, requestOf(opened.source), opened);
    const [feeds] = opened.feeds(session.inputs);
    await session.bind(feeds!);
    const { cacheBytes } = await session.generate(opened.generation!);
    await session.close();
    return cacheBytes;
  };
  const tokens = PROMPT + GENERATE;
  // Keys and values, layers, batch, heads, tokens, width of a head, bytes of a number.
  assert.is(await bytes('gpt2'), 2 * 2 * BATCH * 4 * tokens * 8 * 4);
  assert.is(await bytes('mistral'), 2 * 2 * BATCH * 2 * 3 * 12 * 4); // a window of 4 keeps 3
  assert.is(await bytes('mamba'), 2 * BATCH * (64 * 3 + 8 * 64) * 4); // a convolution's inputs and the state itself
  // Of the decoder's own tokens, one and those after it; and once those of the encoder.
  assert.is(await bytes('t5'), 2 * 3 * BATCH * 4 * 12 * 4 * (1 + GENERATE + PROMPT));
});

test('facts count both halves of an encoder-decoder once, and the work of one token', async () => {
  const facts = async (work: Case) => (await openSource(work, DEFAULT_SETTINGS)).facts;
  const [generate, latency] = [
    await facts(generating('t5')),
    await facts(zooCase('t5', { batch: BATCH, seq: PROMPT })),
  ];
  assert.is(generate.parameters, latency.parameters);
  assert.ok(generate.macs! < latency.macs!);
  assert.is.not(generate.graphDigest, latency.graphDigest);
});

test('what cannot generate says so', async () => {
  const messageOf = async (work: Case) => (await errorOf(() => openSource(work, DEFAULT_SETTINGS))).message;
  assert.is(await messageOf(generating('bert')), 'bert does not generate: it has no form with a cache');
  assert.is(
    await messageOf(generating('bert_generation')),
    'bert_generation: only a decoder (is_decoder) has a cached form',
  );
  const long = (prompt: number | null, generate: number) => ({ generation: { prompt, generate } });
  assert.is(
    await messageOf(generating('gpt2', long(60, 5))),
    'gpt2 has 64 positions, fewer than --prompt 60 and --generate 5',
  );
  assert.is(await messageOf(generating('bart', long(65, 5))), 'bart has 64 positions, fewer than --prompt 65');
  assert.is(
    await messageOf(generating('bart', long(9, 64))),
    'bart has 64 positions, fewer than a first token and --generate 64',
  );
  assert.is(
    await messageOf(generating('gpt2', { source: { kind: 'file', path: 'x.onnx' } })),
    'an ONNX file is run as it is; models of the zoo and checkpoints generate',
  );
  await openSource(generating('gpt2', long(60, 4)), DEFAULT_SETTINGS);
  assert.is(await messageOf(zooCase('gpt2', { seq: 65 })), 'gpt2 has 64 positions, fewer than --seq 65');
  assert.is(await messageOf(zooCase('bart', { seq: 65 })), 'bart has 64 positions, fewer than --seq 65');
});

test.after(async () => {
  await Promise.all(Object.values(runtimes).map((runtime) => runtime.close()));
});
test.run();
