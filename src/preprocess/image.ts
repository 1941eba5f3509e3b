// Image preprocessor: raw pixels to pixel_values.

import { loadAddon } from '../../binding/index.js';
import type { ImagePlan } from '../../binding/preprocess.js';
import { UsageError } from '../util/error.js';
import { whole } from './check.js';
import { canvasSize, geometryFields, place } from './image-geometry.js';
import { completeImageOptions, type ImageOptions } from './image-options.js';
import { planeValues } from './image-values.js';
import { PreprocessResult, type Targets } from './result.js';

/** Interleaved 8-bit pixels, row by row without padding: grey, RGB or RGBA. */
export interface RawImage {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
}

function checkImage(image: RawImage, name: string): void {
  whole(`${name}.width`, image?.width, 1, 2 ** 16);
  whole(`${name}.height`, image.height, 1, 2 ** 16);
  if (![1, 3, 4].includes(image.channels)) {
    throw new UsageError(`${name}.channels: expected 1, 3 or 4, got ${image.channels}`);
  }
  const expected = image.width * image.height * image.channels;
  if (!(image.data instanceof Uint8Array) || image.data.length !== expected) {
    throw new UsageError(
      `${name}.data: expected ${expected} bytes (${image.width}x${image.height}x${image.channels}), ` +
        `got ${image.data?.length ?? 'none'}`,
    );
  }
}

export class ImagePreprocessor {
  readonly options: ImageOptions;
  /** By number of source channels. */
  #plans = new Map<number, ImagePlan>();

  /** @throws UsageError for options that do not fit together or are out of range */
  constructor(options: Partial<ImageOptions>) {
    this.options = completeImageOptions(options);
  }

  #plan(channels: number): ImagePlan {
    const known = this.#plans.get(channels);
    if (known) return known;
    const { options } = this;
    const planes = options.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
    // Mean and std count output channels: the processors flip the channels before they normalise.
    const { values, steps } = planeValues(options, [0, 1, 2]);
    const black = [0, 1, 2].map((plane) => values[plane * 256]!);
    const plan = loadAddon().createImagePlan({
      filter: options.filter,
      element: options.dtype,
      layout: options.layout,
      channels,
      order: channels === 1 ? [0, 0, 0] : planes,
      values,
      steps,
      // Around a crop lies black that was normalised with the image; padding is zero in the model's numbers.
      fill: new Float32Array(options.pad === null ? black : [0, 0, 0]),
      quantScale: options.quantize.scale,
      quantZero: options.quantize.zeroPoint,
    });
    this.#plans.set(channels, plan);
    return plan;
  }

  /**
   * pixel_values [B, 3, H, W] (or [B, H, W, 3]) and, if asked for, pixel_mask [B, H, W].
   * @param into tensors to write to where type and shape agree
   * @throws UsageError for an image whose sizes and bytes do not agree, or that cannot be given the shape of the batch
   */
  run(images: RawImage | readonly RawImage[], into: Targets = {}): PreprocessResult {
    const batch = Array.isArray(images) ? (images as readonly RawImage[]) : [images as RawImage];
    return this.#fill(batch, into, (canvas) => [batch.length, ...canvas]);
  }

  /** pixel_values [B, T, 3, H, W] of clips with equally many frames each. */
  runVideo(clips: readonly (readonly RawImage[])[], into: Targets = {}): PreprocessResult {
    const frames = clips[0]?.length ?? 0;
    clips.forEach((clip, i) => {
      if (clip.length !== frames) throw new UsageError(`clip ${i}: has ${clip.length} frames, clip 0 ${frames}`);
    });
    return this.#fill(clips.flat(), into, (canvas) => [clips.length, frames, ...canvas]);
  }

  #fill(images: readonly RawImage[], into: Targets, shapeOf: (canvas: number[]) => number[]): PreprocessResult {
    if (images.length === 0) throw new UsageError('images: expected at least one, got none');
    const { options } = this;
    images.forEach((image, i) => {
      checkImage(image, `image ${i}`);
    });
    const channels = images[0]!.channels;
    const placements = images.map((image, i) => {
      if (image.channels !== channels) {
        throw new UsageError(`image ${i}: has ${image.channels} channels, image 0 ${channels}; run them apart`);
      }
      return place(image, options, `image ${i}`);
    });
    const canvas = canvasSize(placements, options.pad);
    const padded = placements.some(({ result }) => result.height < canvas.height || result.width < canvas.width);
    if (
      padded &&
      placements.some(({ region, result }) => region.width < result.width || region.height < result.height)
    ) {
      throw new UsageError('centerCrop and pad: an image smaller than the crop cannot also be padded; resize it first');
    }
    const size = [canvas.height, canvas.width];
    const result = new PreprocessResult(into);
    const shape = shapeOf(options.layout === 'channels-first' ? [3, ...size] : [...size, 3]);
    const pixels = result.add('pixel_values', options.dtype, shape);
    const geometry = new Int32Array(placements.flatMap((placement) => geometryFields(placement, canvas)));
    const plan = this.#plan(channels);
    loadAddon().runImages(
      plan,
      images.map(({ data }) => data),
      geometry,
      pixels.data,
      options.threads,
    );
    if (options.mask) {
      const mask = result.add('pixel_mask', 'int64', [images.length, ...size]);
      const { buffer, byteOffset, byteLength } = mask.data;
      const values = new BigInt64Array(buffer as ArrayBuffer, byteOffset, byteLength / 8).fill(0n);
      placements.forEach(({ result: real }, i) => {
        for (let y = 0; y < real.height; ++y) {
          const row = (i * canvas.height + y) * canvas.width;
          values.fill(1n, row, row + real.width);
        }
      });
    }
    return result;
  }
}
