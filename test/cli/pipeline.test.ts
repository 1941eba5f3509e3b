// Pipelines and raw inputs from the arguments on: scripted durations, real preprocessing; files that lie.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import clipPage from '../../models/multimodal/clip.js';
import { tinyTensors, writeCheckpoint } from '../support/checkpoint.js';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';

const folder = folderWith('add.onnx');
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const sharp = (await import('sharp')).default;
const jpeg = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#a0522d' } })
  .jpeg()
  .toBuffer();
write('photo.jpg', jpeg);
write('cut.jpg', jpeg.subarray(0, jpeg.length >> 1));
write('notes.jpg', 'I am no image.\n');
write('empty.txt', '');
write('blank.txt', ' \n\t\r\n');
write('text.txt', 'the people know\n');
write('big.json', Buffer.alloc(100_000_000, 0x20));
write('cycle.json', JSON.stringify(cyclic()));

/** A sequence within a sequence, a thousand times: JSON cannot hold a cycle, but it can be as deep as one. */
function cyclic(): object {
  let normalizer: object = { type: 'NFC' };
  for (let i = 0; i < 1000; ++i) normalizer = { type: 'Sequence', normalizers: [normalizer] };
  const model = { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', vocab: { '[UNK]': 0 } };
  return { version: '1.0', normalizer, model };
}

function wav(claimed: number): Uint8Array {
  const bytes = Buffer.alloc(44 + 32_000);
  bytes.write('RIFF    WAVEfmt ', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.set(new Uint8Array(new Uint32Array([16]).buffer), 16);
  bytes.set(new Uint8Array(new Uint16Array([1, 1, 16_000, 0, 32_000, 0, 2, 16]).buffer), 20);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(claimed, 40);
  return bytes;
}
write('clip.wav', wav(32_000));
write('liar.wav', wav(2 ** 31 - 1));

const TINY = ['--size', 'tiny', ...SCRIPTED, '--format', 'jsonl'];
const rows = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a sample is preparing, run and copy; parts and shares follow from the script', async () => {
  const { code, stdout } = await hfbench(['run', 'vit', '--scenario', 'pipeline', ...TINY], folder);
  assert.is(code, 0);
  const [row] = rows(stdout);
  assert.is(row.scenario, 'pipeline');
  assert.is(row.latency_median_ns, 5_000_000);
  assert.equal([row.preprocess_ns, row.inference_ns, row.output_copy_ns], [750_000, 4_000_000, 250_000]);
  assert.equal([row.preprocess_share, row.inference_share, row.output_copy_share], [0.15, 0.8, 0.05]);
  assert.is(row.decode_ns, null);
  assert.is(row.input, 'made image 1280x720');
  assert.is(row.preprocessor, 'resize 32x32 bilinear, rescale 1/255, mean 0.5, std 0.5 (page)');
  assert.is(row.input_placement, 'pixel_values in place');
  assert.is(row.throughput_items_per_s, 200);
  assert.is(row.stop, 'target-ci');
});

test('the table shows the parts with their shares', async () => {
  const args = ['run', 'vit', '--scenario', 'pipeline', '--size', 'tiny', ...SCRIPTED];
  for (const format of ['table', 'markdown']) {
    const { stdout } = await hfbench([...args, '--format', format], folder);
    assert.match(stdout, /median.*preprocess.*inference.*output copy/);
    assert.match(stdout, /5\.00 ms.*750 µs 15 %.*4\.00 ms 80 %.*250 µs 5 %/);
  }
});

test('raw inputs count for latency too: prepared once, told in the record', async () => {
  const args = ['run', 'vit', 'whisper', 'bert', '--image', 'photo.jpg', '--audio', 'clip.wav', '--text', 'text.txt'];
  const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
  script.models['*'] = script.models.vit;
  write('all.json', JSON.stringify(script));
  const scripted = ['--size', 'tiny', '--runtime', 'fake', '--fake-script', 'all.json', '--format', 'jsonl'];
  const { code, stdout } = await hfbench([...args, ...scripted], folder);
  assert.is(code, 0);
  const [vit, whisper, bert] = rows(stdout);
  assert.is(vit.latency_median_ns, 4_000_000);
  assert.is(vit.input, 'photo.jpg 80x60');
  assert.is(whisper.input, 'clip.wav 1 s');
  assert.is(bert.input, 'text.txt, 13 tokens, padded to 16');
  assert.is(bert.tokenizer, 'made by hfbench: WordPiece');
  assert.is(vit.preprocess_ns, null);
});

const REFUSED: [args: string[], said: RegExp][] = [
  [['vit', '--image', 'notes.jpg'], /^hfbench: --image notes\.jpg: not a readable image \(.*\)$/],
  [['vit', '--image', 'cut.jpg'], /^hfbench: --image cut\.jpg: not a readable image \(.*\)$/],
  [['vit', '--image', 'nowhere.jpg'], /^hfbench: --image nowhere\.jpg: there is no such file$/],
  [['vit', '--image', '.'], /^hfbench: --image \.: it is no regular file$/],
  [['bert', '--image', 'photo.jpg'], /^hfbench: --image: bert takes no images; raw inputs: text$/],
  [['add.onnx', '--text', 'text.txt'], /^hfbench: --text: add\.onnx takes no text; raw inputs: none/],
  [['whisper', '--audio', 'liar.wav'], /^hfbench: --audio liar\.wav: WAV: its 'data' chunk claims 2147483647 bytes/],
  [['whisper', '--audio', 'photo.jpg'], /^hfbench: --audio photo\.jpg: WAV: the file does not begin with RIFF/],
  [['bert', '--text', 'empty.txt'], /^hfbench: --text empty\.txt: the file is empty$/],
  [['bert', '--text', 'blank.txt'], /^hfbench: --text blank\.txt: holds no text, only blank lines$/],
  [['bert', '--tokenizer', 'big.json'], /^hfbench: --tokenizer big\.json: 100000000 bytes are more than/],
  [['bert', '--tokenizer', 'cycle.json'], /^hfbench: --tokenizer cycle\.json: .*nested more than 16 levels deep$/],
  [['bert', '--tokenizer', 'photo.jpg'], /^hfbench: --tokenizer photo\.jpg: not JSON/],
];
for (const [args, said] of REFUSED) {
  test(`refused in one line: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await hfbench(
      ['run', ...args, ...TINY.filter((word) => word !== '--size' && word !== 'tiny')],
      folder,
    );
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr.trimEnd(), said);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  });
}

test('a model without raw inputs cannot be a pipeline', async () => {
  const { stdout } = await hfbench(['run', 'patchtst', 'canine', '--scenario', 'pipeline', ...TINY], folder);
  const [series, points] = rows(stdout);
  assert.is(series.status, 'unsupported');
  assert.match(series.reason_text, /^nothing is known of how raw text, images or sound become its inputs/);
  assert.match(points.reason_text, /'code points'; give one with --tokenizer FILE$/);
});

test('a CLIP checkpoint: sequence of its configuration, its own preprocessing, the real runtime', async () => {
  const config = { ...(clipPage.tiny as object), model_type: 'clip', architectures: ['CLIPModel'] };
  writeCheckpoint(join(folder, 'clip'), config, tinyTensors(clipPage));
  const processor = { image_processor_type: 'CLIPImageProcessor', size: { shortest_edge: 16 }, crop_size: 16 };
  writeFileSync(join(folder, 'clip/preprocessor_config.json'), JSON.stringify(processor));
  const run = ['run', '--checkpoint', 'clip', '--scenario', 'latency,pipeline', '--image', 'photo.jpg'];
  const short = ['--max-samples', '3', '--max-time', '50ms', '--format', 'jsonl'];
  const { code, stdout, stderr } = await hfbench([...run, ...short], folder);
  assert.is(code, 0, stderr + stdout);
  const [latency, pipeline] = rows(stdout);
  assert.is(latency.seq, 16);
  assert.match(pipeline.preprocessor, /^resize shortest edge 16 bicubic, crop 16x16.*\(preprocessor_config\.json\)/);
  assert.match(pipeline.input, /^photo\.jpg 80x60; made sentences/);
  assert.ok(pipeline.decode_ns > 0);
  const parts = pipeline.preprocess_share + pipeline.inference_share + pipeline.output_copy_share;
  assert.ok(parts > 0 && parts <= 1);
  writeFileSync(join(folder, 'clip/preprocessor_config.json'), JSON.stringify({ ...processor, do_blur: true }));
  const refused = await hfbench(['run', '--checkpoint', 'clip', '--scenario', 'pipeline', ...short], folder);
  assert.match(rows(refused.stdout)[0].reason_text, /key 'do_blur' would change the result/);
});

test('without sharp: one line that says how to get it', async () => {
  const hook = `export async function resolve(name, context, next) {
    if (name === 'sharp') throw new Error('gone');
    return next(name, context);
  }`;
  write('hook.mjs', hook);
  write('without-sharp.mjs', "import { register } from 'node:module'; register('./hook.mjs', import.meta.url);");
  const { code, stderr } = await hfbench(['run', 'vit', '--image', 'photo.jpg', ...SCRIPTED], folder, {
    NODE_OPTIONS: '--import=./without-sharp.mjs',
  });
  assert.is(code, 2, stderr);
  assert.match(
    stderr,
    /^hfbench: --image photo\.jpg: .*needs the package sharp; install it with 'npm install sharp'\n$/,
  );
});

test('hfbench preprocess: kernels and models as records', async () => {
  const short = ['--max-samples', '3', '--min-samples', '1', '--max-time', '20ms'];
  const args = ['preprocess', 'cast-f16', 'bert', '--isa', 'base', ...short, '--json', 'kernels.json'];
  const { code, stdout, stderr } = await hfbench([...args, '--format', 'csv'], folder);
  assert.is(code, 0, stderr);
  assert.is(stdout.trim().split('\n').length, 3);
  const report = JSON.parse(readFileSync(join(folder, 'kernels.json'), 'utf8'));
  const [cast, bert] = report.records.map(({ row }: { row: unknown }) => row);
  assert.equal([cast.model, cast.scenario, cast.provider_options], ['cast-f16', 'preprocess', 'isa=base']);
  assert.ok(cast.input_bytes_per_s > 0 && cast.copy_share > 0 && cast.load_time_ns === null);
  assert.is(bert.addon_isa, 'base');
  const compared = await hfbench(['compare', 'kernels.json', 'kernels.json'], folder);
  assert.is(compared.code, 0, compared.stderr);
  assert.match(compared.stdout, /cast-f16/);
});

for (const [args, said] of [
  [['nope'], /^hfbench: 'nope': neither a kernel nor a model/],
  [['patchtst'], /^hfbench: model 'patchtst': has no preprocessing$/],
  [['--isa', 'mmx'], /^hfbench: --isa mmx: expected one of base, avx2, avx512, neon/],
  [['--max-time', '0'], /^hfbench: --max-time 0/],
] as const) {
  test(`preprocess ${args.join(' ')} is refused`, async () => {
    const { code, stderr } = await hfbench(['preprocess', ...args], folder);
    assert.is(code, 2);
    assert.match(stderr.trimEnd(), said);
  });
}

test.run();
