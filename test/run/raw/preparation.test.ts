// Raw inputs on their way into a model: what is written where, and what is refused.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImagePreprocessor, imageOptionsFromConfig } from '../../../src/preprocess/index.js';
import { madePhoto } from '../../../src/preprocess/made/signal.js';
import { NO_RAW_FILES, type RawFiles } from '../../../src/run/raw/files.js';
import { prepare } from '../../../src/run/raw/preparation.js';
import { folderRecipe, pageRecipe, type Recipe } from '../../../src/run/raw/recipe.js';
import { BYTES, type DType, elementCount, type HostTensor } from '../../../src/util/tensor.js';

const root = mkdtempSync(join(tmpdir(), 'hfbench-raw-'));
test.after(() => rmSync(root, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(root, name), content);
  return join(root, name);
};

const VIT = { image_processor_type: 'ViTImageProcessor', size: { height: 32, width: 32 } };
const filled = (dtype: DType, shape: number[]): HostTensor => ({
  ...{ dtype, shape, data: new Uint8Array(elementCount(shape) * BYTES[dtype]).fill(7) },
});
const context = (files: Partial<RawFiles> = {}) => ({
  ...{ files: { ...NO_RAW_FILES, ...files }, threads: 1, nowNs: () => 0 },
});
const textRecipe = (text: Partial<NonNullable<Recipe['text']>> = {}): Recipe => ({
  ...{ image: null, audio: null, text: { kind: 'WordPiece', file: null, vocabulary: 30_000, ...text } },
});
const longs = ({ data }: HostTensor) => [...new BigInt64Array(data.buffer as ArrayBuffer)].map(Number);

test('an image is written into the memory of its input, again at every run', async () => {
  const feeds = { pixel_values: filled('float32', [2, 3, 32, 32]) };
  const { run, facts } = await prepare(await pageRecipe({ image: VIT }, null, null), feeds, context());
  const photo = madePhoto(1280, 720, 3, 1);
  const expected = new ImagePreprocessor(imageOptionsFromConfig(VIT)).run([photo, photo]).tensors.pixel_values!.data;
  assert.equal(Buffer.compare(feeds.pixel_values.data, expected), 0);
  feeds.pixel_values.data.fill(0);
  run();
  assert.equal(Buffer.compare(feeds.pixel_values.data, expected), 0);
  assert.is(facts.placement, 'pixel_values in place');
  assert.is(facts.input, 'made image 1280x720, 2 times');
  assert.is(facts.decodeNs, null);
});

test('half precision: images in place, sound by a copy', async () => {
  const pixels = { pixel_values: filled('float16', [1, 3, 32, 32]) };
  const image = await prepare(await pageRecipe({ image: VIT }, null, null), pixels, context());
  assert.is(image.facts.placement, 'pixel_values in place');
  const features = { input_features: filled('float16', [1, 16, 60]) };
  const whisper = { audio: { kind: 'whisper', mels: 16, samples: 9600 } };
  const sound = await prepare(await pageRecipe(whisper, null, null), features, context());
  assert.is(sound.facts.placement, 'input_features copied');
  assert.ok(new Uint16Array(features.input_features.data.buffer).some((bits) => bits !== 0x0707));
});

test('texts: ids, mask and types; inputs that no text gives stay made and are told', async () => {
  const feeds = {
    input_ids: filled('int64', [2, 8]),
    attention_mask: filled('int64', [2, 8]),
    token_type_ids: filled('int64', [2, 8, 7]),
    decoder_input_ids: filled('int64', [2, 4]),
  };
  const text = file('three.txt', 'one two\r\n\r\nthe people know\nnever reached\n');
  const { facts } = await prepare(textRecipe(), feeds, context({ text }));
  assert.equal(longs(feeds.attention_mask), [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]);
  assert.is(longs(feeds.input_ids)[0], 2);
  assert.is(
    facts.placement,
    'input_ids in place, attention_mask in place, token_type_ids by rule, decoder_input_ids by rule',
  );
  assert.is(facts.input, 'three.txt, 2 texts of up to 5 tokens, padded to 8');
  assert.is(facts.tokenizer, 'made by hfbench: WordPiece');
  assert.ok(feeds.token_type_ids.data.every((byte) => byte === 7));
});

test('32-bit ids are copied', async () => {
  const feeds = { input_ids: filled('int32', [1, 8]) };
  const { facts } = await prepare(textRecipe(), feeds, context());
  assert.is(facts.placement, 'input_ids copied');
  assert.is(new Int32Array(feeds.input_ids.data.buffer)[0], 2);
});

async function refused(recipe: Recipe, feeds: Record<string, HostTensor>, files: Partial<RawFiles> = {}) {
  return prepare(recipe, feeds, context(files)).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

test('what does not fit is refused with both shapes', async () => {
  const recipe = await pageRecipe({ image: VIT }, null, null);
  assert.match(
    await refused(recipe, { pixel_values: filled('float32', [1, 3, 48, 48]) }),
    /gives float32 \[1,3,32,32\] for pixel_values, the model takes float32 \[1,3,48,48\]$/,
  );
  assert.match(await refused(recipe, { other: filled('float32', [1]) }), /^nothing is known/);
});

test('a tokenizer of another model is refused by its largest id', async () => {
  const tokenizer = 'test/fixtures/tokenizers/bert.json';
  const feeds = { input_ids: filled('int64', [1, 16]) };
  assert.match(
    await refused(textRecipe({ vocabulary: 99 }), feeds, { tokenizer }),
    /gives the id \d+, the model knows/,
  );
  assert.match(
    await refused(textRecipe({ kind: 'words' }), feeds),
    /no stand-in .* 'words'; give one with --tokenizer/,
  );
  assert.match(await refused(textRecipe({ kind: null }), feeds), /no stand-in for this model/);
});

test("a checkpoint's files win over the page; a key that is not known is refused by name", async () => {
  const config = { image_processor_type: 'ViTImageProcessor', size: { height: 48, width: 48 }, resample: 3 };
  file('preprocessor_config.json', JSON.stringify(config));
  const { image } = await pageRecipe({ image: VIT }, null, root);
  assert.is(image!.from, 'preprocessor_config.json');
  assert.equal(image!.options.resize, { to: 'exact', height: 48, width: 48 });
  assert.is((await folderRecipe(root)).image!.options.filter, 'bicubic');
  file('preprocessor_config.json', JSON.stringify({ ...config, do_sharpen: true }));
  const message = await pageRecipe({ image: VIT }, null, root).catch((error: Error) => error.message);
  assert.match(String(message), /key 'do_sharpen' would change the result/);
  file('preprocessor_config.json', JSON.stringify({ feature_extractor_type: 'WhisperFeatureExtractor' }));
  assert.is((await folderRecipe(root)).audio!.options.kind, 'whisper');
});

test.run();
