// A checkpoint written as save_pretrained writes it: its page with its weights computes what the same weights from the rule compute.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import gpt2Page from '../../models/decoder-only/gpt2.js';
import bertPage from '../../models/encoder-only/bert.js';
import type { Case } from '../../src/run/case.js';
import { DEFAULT_SETTINGS } from '../../src/run/settings.js';
import { openSource } from '../../src/run/source.js';
import { nativeRuntime } from '../../src/runtime/native.js';
import { UsageError } from '../../src/util/error.js';
import { numbersOf } from '../../src/util/tensor-values.js';
import { tinyTensors, writeCheckpoint } from '../support/checkpoint.js';

const checkpoints = suite('checkpoint source');
let root: string;
checkpoints.before(() => {
  root = mkdtempSync(join(tmpdir(), 'hfbench-checkpoint-'));
});
checkpoints.after(() => rmSync(root, { recursive: true }));

const caseOf = (source: Case['source'], dtype: Case['dtype'] = 'fp32'): Case => ({
  model: 'm',
  source,
  size: source.kind === 'zoo' ? 'tiny' : null,
  dtype,
  style: 'standard',
  batch: 2,
  seq: 7,
  provider: 'cpu',
  providerOptions: {},
  runtime: 'native',
  scenario: 'latency',
  threads: 1,
});

async function logits(work: Case): Promise<number[]> {
  const runtime = await nativeRuntime({ ortLibrary: null });
  const { source, feeds, freeDimensions } = await openSource(work, DEFAULT_SETTINGS);
  const session = await runtime.open({
    source,
    provider: 'cpu',
    providerOptions: {},
    intraOpThreads: 1,
    interOpThreads: 1,
    optimization: 'all',
    spinning: false,
    memoryPattern: true,
    cpuArena: true,
    denormalsAsZero: false,
    config: {},
    freeDimensions,
  });
  const [first] = feeds(session.inputs);
  await session.bind(first);
  await session.runOnce();
  const { logits: found } = await session.readOutputs();
  await session.close();
  return Array.from(numbersOf(found)!);
}

const bertConfig = { model_type: 'bert', architectures: ['BertForMaskedLM'], ...bertPage.tiny };
const gpt2Config = { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], ...gpt2Page.tiny };
const oldNames = (name: string): string =>
  name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');
const bareNames = (name: string): string => name.replace(/^transformer\./, '');

const WRITTEN = [
  ['one file', 'bert', bertConfig, tinyTensors(bertPage), 1],
  ['three shards and an index', 'bert', bertConfig, tinyTensors(bertPage), 3],
  ['spellings from before transformers', 'bert', bertConfig, tinyTensors(bertPage, oldNames), 1],
  ['names of the bare model', 'gpt2', gpt2Config, tinyTensors(gpt2Page, bareNames), 1],
] as const;
for (const [what, name, config, tensors, shards] of WRITTEN) {
  checkpoints(`${name}: ${what}`, async () => {
    const folder = join(root, what.replaceAll(' ', '-'));
    writeCheckpoint(folder, config, tensors, shards);
    const [ours, theirs] = [
      await logits(caseOf({ kind: 'checkpoint', folder })),
      await logits(caseOf({ kind: 'zoo', name, variant: name })),
    ];
    assert.is(ours.length, theirs.length);
    assert.equal(ours, theirs);
  });
}

checkpoints('refusals name the file, the key or the tensor', async () => {
  const failure = async (config: Record<string, unknown>, tensors = tinyTensors(bertPage)): Promise<string> => {
    const folder = mkdtempSync(join(root, 'bad-'));
    writeCheckpoint(folder, config, tensors);
    try {
      await openSource(caseOf({ kind: 'checkpoint', folder }), DEFAULT_SETTINGS);
    } catch (error) {
      assert.instance(error, UsageError);
      return (error as Error).message;
    }
    return 'no error';
  };
  assert.match(
    await failure({ ...bertConfig, model_type: 'brt' }),
    /no page builds the model_type 'brt'.*did you mean/,
  );
  assert.match(await failure({ ...bertConfig, model_type: undefined }), /has no model_type/);
  assert.match(await failure({ ...bertConfig, quantization_config: { bits: 4 } }), /'quantization_config'/);
  assert.match(
    await failure({ ...bertConfig, position_embedding_type: 'sideways' }),
    /position_embedding_type.*"sideways"/,
  );
  assert.match(await failure({ ...bertConfig, hidden_size: 'wide' }), /hidden_size: expected number/);
  assert.match(await failure({ ...bertConfig, hidden_size: 64 }), /is \[.*\], its config.json makes it \[/);
  assert.match(await failure(bertConfig, tinyTensors(bertPage).slice(1)), /the weights hold no '/);
});

checkpoints('a folder without weights says what it lacks', async () => {
  const folder = mkdtempSync(join(root, 'none-'));
  writeFileSync(join(folder, 'config.json'), '{"model_type":"bert"}');
  writeFileSync(join(folder, 'pytorch_model.bin'), '');
  await openSource(caseOf({ kind: 'checkpoint', folder }), DEFAULT_SETTINGS).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /no model.safetensors.*pytorch_model.bin cannot be read/),
  );
});

checkpoints.run();
