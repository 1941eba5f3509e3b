// What to do to an image, in the order in which it happens: resize, crop, rescale, normalise, pad, convert.

import type { ImagePlanSpec } from '../../binding/preprocess.js';
import { finite, flag, object, oneOf, positive, whole } from './check.js';

export interface Size {
  height: number;
  width: number;
}

/**
 * Size after the resize. 'exact' ignores the aspect ratio, the others keep it:
 * - 'shortest-edge': the shorter side becomes `size`, the longer one is truncated to a whole pixel;
 * - 'shortest-edge-capped' (DETR): the same, but the longer side stays within `longest`; `multiple` rounds both down;
 * - 'longest-edge' (SAM): the longer side becomes `size`, both rounded half up;
 * - 'fit' (DPT): scaled by the factor of height or width that is nearer to 1, each rounded to a multiple;
 * - 'floor' (GLPN): each side down to a multiple.
 */
export type Resize =
  | { to: 'exact'; height: number; width: number }
  | { to: 'shortest-edge'; size: number }
  | { to: 'shortest-edge-capped'; size: number; longest: number; multiple: number }
  | { to: 'longest-edge'; size: number }
  | { to: 'fit'; height: number; width: number; keepAspect: boolean; multiple: number }
  | { to: 'floor'; multiple: number };

export interface ImageOptions {
  resize: Resize | null;
  /** Pillow's filters; all but 'nearest' are antialiased. */
  filter: ImagePlanSpec['filter'];
  /** Where the image is smaller it is surrounded by black, the odd pixel on top and left (as the PIL processors do). */
  centerCrop: Size | null;
  /** float32(byte * factor) - offset */
  rescale: { factor: number; offset: number } | null;
  /** (x - mean) / std per channel, one after the other. */
  normalize: { mean: number[]; std: number[] }[];
  /** Order of the output's channels; grey images are repeated and alpha is dropped, as Pillow's convert('RGB') does. */
  channels: 'rgb' | 'bgr';
  /** Zeros below and to the right, after normalisation: to a size, or to the largest image of the batch. */
  pad: Size | 'batch' | null;
  /** Also return pixel_mask [B, H, W], int64: 1 where there is image, 0 where there is padding. */
  mask: boolean;
  layout: 'channels-first' | 'channels-last';
  dtype: ImagePlanSpec['element'];
  /** For int8 and uint8: round_half_even(value / scale) + zeroPoint, saturated. */
  quantize: { scale: number; zeroPoint: number };
  /** 0: all cores. Work of less than about a millisecond stays on one thread. */
  threads: number;
}

const DEFAULTS: ImageOptions = {
  resize: null,
  filter: 'bilinear',
  centerCrop: null,
  rescale: { factor: 1 / 255, offset: 0 },
  normalize: [],
  channels: 'rgb',
  pad: null,
  mask: false,
  layout: 'channels-first',
  dtype: 'float32',
  quantize: { scale: 1, zeroPoint: 0 },
  threads: 0,
};

const FILTERS = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const;
const DTYPES = ['float32', 'float16', 'bfloat16', 'int8', 'uint8'] as const;
const RESIZES = ['exact', 'shortest-edge', 'shortest-edge-capped', 'longest-edge', 'fit', 'floor'] as const;
const MOST_SIDE = 2 ** 16;

function checkSize(where: string, value: unknown): void {
  const size = object(where, value);
  whole(`${where}.height`, size.height, 1, MOST_SIDE);
  whole(`${where}.width`, size.width, 1, MOST_SIDE);
}

function checkResize(where: string, value: unknown): void {
  const resize = object(where, value);
  const to = oneOf(`${where}.to`, resize.to, RESIZES);
  if (to === 'exact' || to === 'fit') checkSize(where, value);
  if (to === 'fit') flag(`${where}.keepAspect`, resize.keepAspect);
  for (const field of ['size', 'longest', 'multiple']) {
    if (field in resize) whole(`${where}.${field}`, resize[field], 1, MOST_SIDE);
  }
  const needed = {
    'shortest-edge': ['size'],
    'longest-edge': ['size'],
    exact: [],
    fit: ['multiple'],
    floor: ['multiple'],
  };
  const fields = to === 'shortest-edge-capped' ? ['size', 'longest', 'multiple'] : needed[to];
  for (const field of fields) whole(`${where}.${field}`, resize[field], 1, MOST_SIDE);
}

/**
 * Fills in what is absent and checks all of it.
 * @throws UsageError for a value of the wrong kind, out of range or not finite, and for an option that does not exist
 */
export function completeImageOptions(given: Partial<ImageOptions>): ImageOptions {
  for (const key of Object.keys(object('image options', given))) oneOf('image option', key, Object.keys(DEFAULTS));
  const options = { ...DEFAULTS, ...given };
  if (options.resize !== null) checkResize('resize', options.resize);
  oneOf('filter', options.filter, FILTERS);
  if (options.centerCrop !== null) checkSize('centerCrop', options.centerCrop);
  if (options.rescale !== null) {
    finite('rescale.factor', object('rescale', options.rescale).factor);
    finite('rescale.offset', options.rescale.offset);
  }
  for (const { mean, std } of options.normalize) {
    for (let channel = 0; channel < 3; ++channel) {
      finite(`normalize.mean[${channel}]`, mean[channel]);
      positive(`normalize.std[${channel}]`, std[channel]);
    }
  }
  oneOf('channels', options.channels, ['rgb', 'bgr']);
  if (options.pad !== null && options.pad !== 'batch') checkSize('pad', options.pad);
  flag('mask', options.mask);
  oneOf('layout', options.layout, ['channels-first', 'channels-last']);
  oneOf('dtype', options.dtype, DTYPES);
  positive('quantize.scale', options.quantize.scale);
  const [low, high] = options.dtype === 'int8' ? [-128, 127] : [0, 255];
  whole('quantize.zeroPoint', options.quantize.zeroPoint, low, high);
  whole('threads', options.threads, 0, 1024);
  return options;
}
