import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImagePreprocessor, imageOptionsFromConfig, type RawImage } from '../../src/preprocess/index.js';
import { floatsOf } from '../../src/preprocess/result.js';
import { UsageError } from '../../src/util/error.js';
import { atEveryLevel } from './levels.js';
import { type ImageKind, makeImage } from './signals.js';

interface ResizeCase {
  kind: ImageKind;
  width: number;
  height: number;
  channels: 1 | 3;
  seed: number;
  filter: 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';
  toWidth: number;
  toHeight: number;
  sha256: string;
}
interface ProcessorCase {
  config: Record<string, unknown>;
  inputs: [number, number, number][];
  shape: number[];
  sha256: string;
  mask?: string;
}
const fixture: { resize: ResizeCase[]; processors: ProcessorCase[] } = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/preprocess/image.json', import.meta.url), 'utf8'),
);

const test = suite('image');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const label = (name: string, c: object) => `${name} ${JSON.stringify({ ...c, sha256: undefined, config: undefined })}`;

/** The bytes after the resize alone, one channel a pixel for grey images. */
function resized(image: RawImage, c: ResizeCase): Uint8Array {
  const to = { to: 'exact', height: c.toHeight, width: c.toWidth } as const;
  const options = { resize: to, filter: c.filter, rescale: null, layout: 'channels-last', dtype: 'uint8' } as const;
  const { data } = new ImagePreprocessor(options).run(image).tensors.pixel_values!;
  return c.channels === 1 ? data.filter((_, i) => i % 3 === 0) : data;
}

test('resize: no byte differs from Pillow, at any level', () => {
  assert.ok(fixture.resize.length > 100);
  for (const c of fixture.resize) {
    const image = makeImage(c.kind, c.width, c.height, c.channels, c.seed);
    atEveryLevel((level) => assert.is(sha256(resized(image, c)), c.sha256, label(level, c)));
  }
});

/** Frames of a clip as the fixture has them: the image and its mirror image upside down. */
function upsideDown(image: RawImage): RawImage {
  const row = image.width * image.channels;
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < image.height; ++y) {
    data.set(image.data.subarray(y * row, (y + 1) * row), (image.height - 1 - y) * row);
  }
  return { ...image, data };
}

test('processors: the very bits of the Hugging Face PIL processors, masks included', () => {
  const seen = new Set<unknown>();
  for (const c of fixture.processors) {
    const images = c.inputs.map(([width, height, seed]) => makeImage('photo', width, height, 3, seed));
    const processor = new ImagePreprocessor(imageOptionsFromConfig(c.config));
    const name = String(c.config.image_processor_type);
    seen.add(name);
    atEveryLevel((level) => {
      const result =
        c.shape.length === 5 ? processor.runVideo([[images[0]!, upsideDown(images[0]!)]]) : processor.run(images);
      const { pixel_values, pixel_mask } = result.tensors;
      assert.equal(pixel_values!.shape, c.shape, label(`${level} ${name}`, c));
      assert.is(sha256(pixel_values!.data), c.sha256, label(`${level} ${name}`, c));
      assert.is(pixel_mask && sha256(pixel_mask.data), c.mask, label(`mask of ${name}`, c));
      result.release();
    });
  }
  assert.is(seen.size, 31);
});

test('layouts and element types hold the same numbers', () => {
  const image = makeImage('photo', 61, 47, 3, 3);
  const base = { resize: { to: 'exact', height: 21, width: 35 }, filter: 'bicubic' } as const;
  const normalize = [{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }];
  const run = (more: object) => new ImagePreprocessor({ ...base, normalize, ...more }).run(image).tensors.pixel_values!;
  const first = floatsOf(run({}));
  const last = floatsOf(run({ layout: 'channels-last' }));
  first.forEach((x, i) => {
    assert.is(last[(i % (21 * 35)) * 3 + Math.floor(i / (21 * 35))], x);
  });
  const half = new Uint16Array(run({ dtype: 'bfloat16' }).data.buffer);
  const bits = new Uint32Array(first.buffer, 0, first.length);
  first.forEach((_, i) => {
    assert.ok(Math.abs(half[i]! * 65536 - bits[i]!) <= 32768);
  });
  const quantized = new Int8Array(run({ dtype: 'int8', quantize: { scale: 0.02, zeroPoint: 3 } }).data.buffer);
  first.forEach((x, i) => {
    const exact = Math.fround(x / Math.fround(0.02));
    assert.ok(Math.abs(Math.min(127, Math.max(-128, exact + 3)) - quantized[i]!) <= 0.5);
  });
});

test('grey is repeated, alpha is dropped, BGR reverses', () => {
  const rgb = makeImage('noise', 20, 10, 3, 5);
  const options = { resize: { to: 'exact', height: 7, width: 9 } } as const;
  const plain = floatsOf(new ImagePreprocessor(options).run(rgb).tensors.pixel_values!);
  const rgba = new Uint8Array(800).map((_, i) => (i % 4 === 3 ? i : rgb.data[Math.floor(i / 4) * 3 + (i % 4)]!));
  const dropped = new ImagePreprocessor(options).run({ ...rgb, data: rgba, channels: 4 }).tensors.pixel_values!;
  assert.equal(floatsOf(dropped), plain);
  const bgr = floatsOf(new ImagePreprocessor({ ...options, channels: 'bgr' }).run(rgb).tensors.pixel_values!);
  assert.equal(bgr.subarray(0, 63), plain.subarray(126));
  const grey = floatsOf(new ImagePreprocessor(options).run(makeImage('noise', 20, 10, 1, 5)).tensors.pixel_values!);
  assert.equal(grey.subarray(0, 63), grey.subarray(126));
});

test('threads give the same bytes as one', () => {
  const images = [1, 2].map((seed) => makeImage('noise', 1700, 1300, 3, seed));
  for (const batch of [images, images.slice(0, 1)]) {
    for (const resize of [null, { to: 'exact', height: 900, width: 1100 }] as const) {
      const run = (threads: number) => new ImagePreprocessor({ resize, threads }).run(batch).tensors.pixel_values!;
      assert.is(sha256(run(3).data), sha256(run(1).data));
    }
  }
});

test('released memory is used again, unreleased memory is not', () => {
  const processor = new ImagePreprocessor({ resize: { to: 'exact', height: 33, width: 31 } });
  const image = makeImage('photo', 64, 64, 3, 1);
  const first = processor.run(image);
  const kept = processor.run(image);
  const { buffer } = first.tensors.pixel_values!.data;
  first.release();
  first.release();
  const second = processor.run(image);
  const third = processor.run(image);
  assert.is(second.tensors.pixel_values!.data.buffer, buffer);
  assert.is.not(third.tensors.pixel_values!.data.buffer, buffer);
  assert.is.not(kept.tensors.pixel_values!.data.buffer, buffer);
});

const refused = (message: RegExp, run: () => unknown) =>
  assert.throws(
    run,
    (error: unknown) => error instanceof UsageError && message.test(error.message) && !/\n/.test(error.message),
  );

test('bad images are refused with one line', () => {
  const processor = new ImagePreprocessor({ resize: { to: 'shortest-edge', size: 16 } });
  const image = makeImage('noise', 8, 8, 3, 1);
  refused(/image 0.data: expected 192 bytes \(8x8x3\), got 191/, () =>
    processor.run({ ...image, data: image.data.subarray(1) }),
  );
  refused(/image 0.width: .* got 0/, () => processor.run({ ...image, width: 0 }));
  refused(/image 0.height: .* got NaN/, () => processor.run({ ...image, height: Number.NaN }));
  refused(/channels: expected 1, 3 or 4, got 2/, () => processor.run({ ...image, channels: 2 as 3 }));
  refused(/at least one/, () => processor.run([]));
  refused(/image 0.width/, () => processor.run([undefined as unknown as RawImage]));
  refused(/image 1: becomes 32x16 pixels, image 0 16x16/, () =>
    processor.run([image, makeImage('noise', 16, 8, 3, 1)]),
  );
  refused(/image 1: has 1 channels/, () => processor.run([image, makeImage('noise', 8, 8, 1, 1)]));
  refused(/clip 1: has 2 frames, clip 0 1/, () => processor.runVideo([[image], [image, image]]));
  const capped = { to: 'shortest-edge-capped', size: 8, longest: 10, multiple: 1 } as const;
  refused(/less extreme shape/, () => new ImagePreprocessor({ resize: capped }).run(makeImage('noise', 900, 10, 3, 1)));
  refused(/do not fit the padded size/, () => new ImagePreprocessor({ pad: { height: 4, width: 9 } }).run(image));
});

test('bad options are refused with one line', () => {
  const make = (options: object) => () => new ImagePreprocessor(options);
  refused(/rescale.factor: expected a finite number, got NaN/, make({ rescale: { factor: Number.NaN, offset: 0 } }));
  refused(
    /normalize.std\[1\]: expected a number above zero, got 0/,
    make({ normalize: [{ mean: [0, 0, 0], std: [1, 0, 1] }] }),
  );
  refused(/resize.height: .* got 0/, make({ resize: { to: 'exact', height: 0, width: 3 } }));
  refused(/resize.size/, make({ resize: { to: 'shortest-edge' } }));
  refused(/resize.to: expected one of exact/, make({ resize: { to: 'wide' } }));
  refused(/image option: .* got "sise"/, make({ sise: 3 }));
  refused(/filter: expected one of nearest/, make({ filter: 'cubic' }));
  refused(/quantize.zeroPoint/, make({ dtype: 'int8', quantize: { scale: 1, zeroPoint: 200 } }));
});

test('configurations: unknown keys, classes and values are refused by name', () => {
  const vit = { image_processor_type: 'ViTImageProcessor', size: { height: 8, width: 8 } };
  const read = (more: object) => () => imageOptionsFromConfig({ ...vit, ...more });
  refused(/key 'do_sharpen' would change the result/, read({ do_sharpen: true }));
  refused(/key 'do_center_crops'/, read({ do_center_crops: false }));
  refused(
    /'Kosmos9ImageProcessor': not one that hfbench reproduces/,
    read({ image_processor_type: 'Kosmos9ImageProcessor' }),
  );
  refused(/image_processor_type: expected the name/, read({ image_processor_type: undefined }));
  refused(/'constructor'/, read({ image_processor_type: 'constructor' }));
  refused(/resample: .* got 9/, read({ resample: 9 }));
  refused(/size.width: .* got null/, read({ size: { height: 3, width: null } }));
  refused(
    /size: expected shortest_edge alone/,
    read({ image_processor_type: 'CLIPImageProcessor', size: { shortest_edge: 4, longest_edge: 9 } }),
  );
  refused(/do_pad: expected false/, read({ image_processor_type: 'DPTImageProcessor', do_pad: true }));
  refused(/expected an object/, () => imageOptionsFromConfig([]));
  assert.equal(imageOptionsFromConfig({ ...vit, feature_extractor_type: 'x', do_sharpen: null }).filter, 'bilinear');
  assert.equal(imageOptionsFromConfig({ ...vit, size: 12 }).resize, { to: 'exact', height: 12, width: 12 });
  const fast = { image_processor_type: 'CLIPImageProcessorFast', size: 12, crop_size: 10 };
  assert.equal(imageOptionsFromConfig(fast).resize, { to: 'shortest-edge', size: 12 });
});

test.run();
