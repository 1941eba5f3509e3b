import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RawKind } from '../../models/preprocess.js';
import type { Case } from '../../src/run/case.js';
import type { Catalog } from '../../src/run/catalog.js';
import { type PlanRequest, plan } from '../../src/run/plan.js';
import { NO_RAW_FILES } from '../../src/run/raw/files.js';

const RAW: Record<string, RawKind[]> = { 'encoder-only': ['text'], vision: ['image'], multimodal: ['text', 'image'] };

const entry = (name: string, category: string, defaultSeq: number | null, aliasOf: string | null = null) => ({
  name,
  family: aliasOf ?? name,
  category,
  defaultSeq,
  aliasOf,
  raw: RAW[category]!,
});

const CATALOG: Catalog = {
  models: [
    entry('bert', 'encoder-only', 128),
    entry('bert_base', 'encoder-only', 128, 'bert'),
    entry('vit', 'vision', null),
    entry('vit_large', 'vision', null),
    entry('resnet', 'vision', null),
    entry('clip', 'multimodal', 77),
  ],
  unavailable: [{ name: 'secret', why: 'nothing of it is public', nearest: 'bert' }],
};

const NOTHING: PlanRequest = {
  models: [],
  modelFiles: [],
  checkpoints: [],
  suite: null,
  categories: null,
  sizes: null,
  dtypes: null,
  styles: null,
  batches: null,
  seqs: null,
  prompts: null,
  generates: null,
  threads: null,
  providers: null,
  runtimes: null,
  scenarios: null,
  raw: NO_RAW_FILES,
};

const planned = (request: Partial<PlanRequest>): Case[] => plan({ ...NOTHING, ...request }, CATALOG);
const names = (request: Partial<PlanRequest>) => planned(request).map(({ model }) => model);

test('one model: every default', () => {
  assert.equal(planned({ models: ['bert'] }), [
    {
      model: 'bert',
      source: { kind: 'zoo', name: 'bert', variant: 'bert' },
      size: 'full',
      dtype: 'fp32',
      style: 'standard',
      batch: 1,
      seq: 128,
      provider: 'cpu',
      providerOptions: {},
      runtime: 'native',
      scenario: 'latency',
      threads: 0,
    },
  ]);
});

test('lists multiply, the model outermost', () => {
  const cases = planned({
    models: ['bert', 'vit'],
    batches: [1, 8],
    threads: [1, 2],
    scenarios: ['latency', 'throughput'],
  });
  assert.is(cases.length, 16);
  assert.equal(
    cases.slice(0, 4).map(({ batch, scenario, threads }) => [batch, scenario, threads]),
    [
      [1, 'latency', 1],
      [1, 'latency', 2],
      [1, 'throughput', 1],
      [1, 'throughput', 2],
    ],
  );
  assert.is(cases[8]!.model, 'vit');
});

test('a model without a sequence is not multiplied by sequence lengths', () => {
  const cases = planned({ models: ['bert', 'vit'], seqs: [32, 64] });
  assert.equal(
    cases.map(({ model, seq }) => [model, seq]),
    [
      ['bert', 32],
      ['bert', 64],
      ['vit', null],
    ],
  );
});

test('tiny models get a short sequence', () => {
  assert.equal(
    planned({ models: ['bert'], sizes: ['tiny', 'full'] }).map(({ seq }) => seq),
    [16, 128],
  );
});

test('a model may have a default of its own', () => {
  assert.equal(
    planned({ models: ['clip'], sizes: ['tiny', 'full'] }).map(({ seq }) => seq),
    [16, 77],
  );
  assert.is(planned({ models: ['clip'], seqs: [32] })[0]!.seq, 32);
});

test('generations have a prompt and what follows it in place of a sequence', () => {
  const lengths = (request: Partial<PlanRequest>) =>
    planned({ models: ['bert'], scenarios: ['generate'], ...request }).map(({ seq, generation }) => [
      seq,
      generation?.prompt,
      generation?.generate,
    ]);
  assert.equal(lengths({}), [[null, 512, 128]]);
  assert.equal(lengths({ sizes: ['tiny'] }), [[null, 16, 16]]);
  assert.equal(lengths({ prompts: [8, 9], generates: [2, 3], batches: [4] }), [
    [null, 8, 2],
    [null, 8, 3],
    [null, 9, 2],
    [null, 9, 3],
  ]);
  assert.equal(lengths({ models: ['vit'], prompts: [8, 9], generates: [2] }), [[null, null, 2]]);
  assert.equal(lengths({ scenarios: ['latency', 'generate'], seqs: [32], prompts: [8], generates: [2] }), [
    [32, undefined, undefined],
    [null, 8, 2],
  ]);
});

test('globs mean every graph once', () => {
  assert.equal(names({ models: ['vit*'] }), ['vit', 'vit_large']);
  assert.equal(names({ models: ['b?rt'] }), ['bert']);
  assert.equal(names({ models: ['*'] }), ['bert', 'vit', 'vit_large', 'resnet', 'clip']);
  assert.equal(names({ models: ['bert_*'] }), ['bert_base'], 'an alias that only itself fits');
});

test('a glob is no regular expression', () => {
  assert.throws(() => names({ models: ['(vit*'] }), /nothing matches/);
  assert.throws(() => names({ models: ['v.t*'] }), /nothing matches/);
});

test('duplicates are removed', () => {
  assert.equal(names({ models: ['vit', 'vit*', 'vit'] }), ['vit', 'vit_large']);
});

test('a category alone means its models; beside models it narrows them', () => {
  assert.equal(names({ categories: ['vision'] }), ['vit', 'vit_large', 'resnet']);
  assert.equal(names({ models: ['*'], categories: ['encoder-only'] }), ['bert']);
  assert.throws(() => names({ models: ['bert'], categories: ['vision'] }), /no model that can be built fits/);
});

test('suites: quick is known names, all is every graph', () => {
  assert.equal(names({ suite: 'quick' }), ['bert', 'vit', 'resnet', 'clip']);
  assert.equal(names({ suite: 'all' }), ['bert', 'vit', 'vit_large', 'resnet', 'clip']);
});

test('names that cannot be built say why, and what is near', () => {
  assert.throws(() => names({ models: ['secret'] }), /cannot be built: nothing of it is public; the nearest .* 'bert'/);
});

test('files are labelled by what tells them apart', () => {
  const modelFiles = ['a/model.onnx', 'b/model.onnx', 'x/same.onnx', 'y/same.onnx', 'z/other.onnx'];
  assert.equal(names({ modelFiles }), ['a/model.onnx', 'b/model.onnx', 'x/same.onnx', 'y/same.onnx', 'other.onnx']);
});

test('files have no element type, and a sequence only when told', () => {
  const [file] = planned({ modelFiles: ['x.onnx'] });
  assert.equal([file!.size, file!.dtype, file!.style, file!.seq], [null, null, null, null]);
  assert.is(planned({ modelFiles: ['x.onnx'], seqs: [7] })[0]!.seq, 7);
});

test('a raw input that no model takes is refused by its flag; one that some take is not', () => {
  const image = { ...NO_RAW_FILES, image: 'photo.jpg' };
  assert.throws(() => planned({ models: ['bert'], raw: image }), /^--image: bert takes no images; raw inputs: text$/);
  assert.throws(
    () => planned({ modelFiles: ['a.onnx'], raw: image }),
    /^--image: a\.onnx takes no images; raw inputs: none that hfbench knows of$/,
  );
  const tokenizer = { ...NO_RAW_FILES, tokenizer: 't.json' };
  assert.throws(
    () => planned({ models: ['vit', 'resnet'], raw: tokenizer }),
    /^--tokenizer: vit, resnet take no text; raw inputs: images$/,
  );
  assert.is(planned({ models: ['bert', 'vit'], raw: image }).length, 2);
  assert.is(planned({ models: ['clip'], raw: { ...image, text: 't.txt' } }).length, 1);
});

test('a checkpoint has the sequence length of its page and configuration, or none', () => {
  const checkpoint = (defaultSeq: number | null) => ({ folder: '/models/x', name: 'x', defaultSeq, raw: [] });
  const seqs = planned({ checkpoints: [checkpoint(77), checkpoint(null)] }).map(({ seq }) => seq);
  assert.equal(seqs, [77, null]);
  assert.is(planned({ checkpoints: [checkpoint(77)], seqs: [10] })[0]!.seq, 10);
});

test.run();
