// A checkpoint written as save_pretrained writes it: its page with its weights computes what the same weights from the rule compute.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import dbrxPage from '../../models/decoder-only/dbrx.js';
import gpt2Page from '../../models/decoder-only/gpt2.js';
import granitemoePage from '../../models/decoder-only/granitemoe.js';
import mamba2Page from '../../models/decoder-only/mamba2.js';
import mixtralPage from '../../models/decoder-only/mixtral.js';
import bertPage from '../../models/encoder-only/bert.js';
import type { Case, CaseDType } from '../../src/run/case.js';
import { onnxFileOf } from '../../src/run/checkpoint-source.js';
import { DEFAULT_SETTINGS } from '../../src/run/settings.js';
import { openSource } from '../../src/run/source.js';
import { nativeRuntime } from '../../src/runtime/native.js';
import { UsageError } from '../../src/util/error.js';
import { numbersOf } from '../../src/util/tensor-values.js';
import { tinyTensors, type WrittenTensor, writeCheckpoint } from '../support/checkpoint.js';
import { ROOT } from '../support/golden.js';

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
const configOf = (type: string, name: string, tiny: object) => ({ model_type: type, architectures: [name], ...tiny });
const mixtralConfig = configOf('mixtral', 'MixtralForCausalLM', mixtralPage.tiny);
const graniteConfig = configOf('granitemoe', 'GraniteMoeForCausalLM', granitemoePage.tiny);
const dbrxConfig = configOf('dbrx', 'DbrxForCausalLM', dbrxPage.tiny);
const oldNames = (name: string): string =>
  name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');
const bareNames = (name: string): string => name.replace(/^transformer\./, '');

const WRITTEN = [
  ['one file', 'bert', bertConfig, tinyTensors(bertPage), 1],
  ['three shards and an index', 'bert', bertConfig, tinyTensors(bertPage), 3],
  ['spellings from before transformers', 'bert', bertConfig, tinyTensors(bertPage, oldNames), 1],
  ['names of the bare model', 'gpt2', gpt2Config, tinyTensors(gpt2Page, bareNames), 1],
  ['experts in tensors of their own', 'mixtral', mixtralConfig, tinyTensors(mixtralPage), 2],
  ['experts stacked along an axis of their own', 'granitemoe', graniteConfig, tinyTensors(granitemoePage), 1],
  ['experts stacked along the rows', 'dbrx', dbrxConfig, tinyTensors(dbrxPage), 1],
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

checkpoints('experts stored the other way round are refused by name', async () => {
  const refusal = async (name: string, config: Record<string, unknown>, tensors: WrittenTensor[]): Promise<string> => {
    const folder = join(root, name);
    writeCheckpoint(folder, config, tensors);
    return openSource(caseOf({ kind: 'checkpoint', folder }), DEFAULT_SETTINGS).then(
      () => 'no error',
      (error: Error) => error.message,
    );
  };
  const isOfExpert = ({ name }: WrittenTensor) => name.includes('experts.');
  const fused = { name: 'model.layers.0.block_sparse_moe.experts.gate_up_proj', shape: [4, 112, 32] };
  const stacked = [
    ...tinyTensors(mixtralPage).filter((tensor) => !isOfExpert(tensor)),
    { ...fused, values: new Float32Array(4 * 112 * 32) },
  ];
  assert.match(
    await refusal('stacked-mixtral', mixtralConfig, stacked),
    /hold no 'model\.layers\.0\.block_sparse_moe\.experts\.0\.w1\.weight' \[56,32\]/,
  );
  const cut = tinyTensors(granitemoePage).map((tensor) => {
    if (tensor.shape.length !== 3) return tensor;
    const [, rows, columns] = tensor.shape as [number, number, number];
    return { ...tensor, shape: [1, rows, columns], values: tensor.values.slice(0, rows * columns) };
  });
  assert.match(await refusal('one-expert', graniteConfig, cut), /is \[1,\d+,\d+\], its config.json makes it \[/);
});

checkpoints('Infinity as Python writes it: the greatest time step of Mamba 2', async () => {
  const folder = join(root, 'mamba2');
  const config = configOf('mamba2', 'Mamba2ForCausalLM', mamba2Page.tiny);
  writeCheckpoint(folder, config, tinyTensors(mamba2Page));
  const text = JSON.stringify(config).replace(/}$/, ', "time_step_limit": [0.0, Infinity]}');
  writeFileSync(join(folder, 'config.json'), text);
  const ours = await logits(caseOf({ kind: 'checkpoint', folder }));
  assert.equal(ours, await logits(caseOf({ kind: 'zoo', name: 'mamba2', variant: 'mamba2' })));
});

const onnxFolder = (...names: string[]): string => {
  const folder = mkdtempSync(join(root, 'onnx-'));
  mkdirSync(join(folder, 'onnx'));
  for (const name of names) copyFileSync(join(ROOT, 'test/fixtures/fake/add.onnx'), join(folder, 'onnx', name));
  return folder;
};

checkpoints('an ONNX repository: the file of the dtype, and its own graph runs', async () => {
  const folder = onnxFolder('model.onnx', 'model_fp16.onnx', 'model_quantized.onnx', 'model_q4.onnx');
  const chosen = (dtype: CaseDType) => basename(onnxFileOf(folder, dtype)!);
  assert.equal(
    [chosen('fp32'), chosen('fp16'), chosen('int8'), chosen('int4')],
    ['model.onnx', 'model_fp16.onnx', 'model_quantized.onnx', 'model_q4.onnx'],
  );
  const opened = await openSource(caseOf({ kind: 'checkpoint', folder }, 'fp16'), DEFAULT_SETTINGS);
  assert.equal(opened.source, { kind: 'file', path: join(folder, 'onnx', 'model_fp16.onnx') });
});

checkpoints('an ONNX repository without the dtype says what it has; with weights, a page is built', async () => {
  const folder = onnxFolder('model_q4.onnx');
  assert.throws(
    () => onnxFileOf(folder, 'fp16'),
    /no file of dtype fp16 \(model_fp16\.onnx, .*\); there are: model_q4\.onnx; choose another --dtype/,
  );
  assert.throws(() => onnxFileOf(onnxFolder(), 'fp32'), /there are: none/);
  writeCheckpoint(folder, bertConfig, tinyTensors(bertPage));
  assert.is(onnxFileOf(folder, 'fp16'), null);
  assert.is((await openSource(caseOf({ kind: 'checkpoint', folder }), DEFAULT_SETTINGS)).source.kind, 'graph');
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
