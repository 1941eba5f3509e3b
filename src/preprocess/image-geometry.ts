// Sizes and places of the image on its way from the file to the tensor.
// Source: transformers, image_transforms.py and the processors' own resize methods (PIL backend).

import { UsageError } from '../util/error.js';
import type { ImageOptions, Resize, Size } from './image-options.js';

/** Python's round: halves go to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function capped({ height, width }: Size, resize: Extract<Resize, { to: 'shortest-edge-capped' }>): Size {
  const short = Math.min(height, width);
  const long = Math.max(height, width);
  let size = resize.size;
  // The other side comes from the unrounded value, as in the original: one pixel can hang on it.
  let raw = size;
  if ((long / short) * size > resize.longest) {
    raw = (resize.longest * short) / long;
    size = roundHalfEven(raw);
  }
  const down = (side: number) => side - (side % resize.multiple);
  // YOLOS, the only user of a multiple, scales even an image whose shorter side fits already.
  const fits = short === size && (resize.multiple === 1 || width >= height);
  if (fits) return { height: down(height), width: down(width) };
  if (width < height) return { height: down(Math.trunc((raw * height) / width)), width: down(size) };
  return { height: down(size), width: down(Math.trunc((raw * width) / height)) };
}

function fitted({ height, width }: Size, resize: Extract<Resize, { to: 'fit' }>): Size {
  let scaleHeight = resize.height / height;
  let scaleWidth = resize.width / width;
  if (resize.keepAspect) {
    if (Math.abs(1 - scaleWidth) < Math.abs(1 - scaleHeight)) scaleHeight = scaleWidth;
    else scaleWidth = scaleHeight;
  }
  const constrain = (side: number) => roundHalfEven(side / resize.multiple) * resize.multiple;
  return { height: constrain(scaleHeight * height), width: constrain(scaleWidth * width) };
}

/** Size of an image after the resize. */
export function resizedSize(size: Size, resize: Resize | null): Size {
  const { height, width } = size;
  switch (resize?.to) {
    case undefined:
      return size;
    case 'exact':
      return { height: resize.height, width: resize.width };
    case 'shortest-edge': {
      const long = Math.trunc((resize.size * Math.max(height, width)) / Math.min(height, width));
      return width <= height ? { height: long, width: resize.size } : { height: resize.size, width: long };
    }
    case 'shortest-edge-capped':
      return capped(size, resize);
    case 'longest-edge': {
      const scale = resize.size / Math.max(height, width);
      return { height: Math.trunc(height * scale + 0.5), width: Math.trunc(width * scale + 0.5) };
    }
    case 'fit':
      return fitted(size, resize);
    case 'floor':
      return { height: height - (height % resize.multiple), width: width - (width % resize.multiple) };
  }
}

/** Along one axis: which part of the resized image is kept, and where it lands in the cropped one. */
function cropAxis(size: number, crop: number): { source: number; kept: number; target: number } {
  if (size >= crop) return { source: Math.floor((size - crop) / 2), kept: crop, target: 0 };
  return { source: 0, kept: size, target: Math.ceil((crop - size) / 2) };
}

export interface Placement {
  source: Size;
  resized: Size;
  /** Part of the resized image that is kept. */
  region: Size & { x: number; y: number };
  /** Where it lies in the result. */
  target: { x: number; y: number };
  /** The result before it is padded for the batch. */
  result: Size;
}

/** @throws UsageError where a side would vanish or is larger than the padding allows */
export function place(source: Size, options: ImageOptions, name: string): Placement {
  const resized = resizedSize(source, options.resize);
  const result = options.centerCrop ?? resized;
  if (!(Math.min(resized.height, resized.width) >= 1)) {
    throw new UsageError(
      `${name}: ${source.width}x${source.height} pixels would be resized to ${resized.width}x${resized.height}; ` +
        'an image of less extreme shape is needed',
    );
  }
  const x = cropAxis(resized.width, result.width);
  const y = cropAxis(resized.height, result.height);
  const { pad } = options;
  if (pad !== null && pad !== 'batch' && (result.height > pad.height || result.width > pad.width)) {
    throw new UsageError(
      `${name}: ${result.width}x${result.height} pixels do not fit the padded size ${pad.width}x${pad.height}`,
    );
  }
  return {
    source,
    resized,
    region: { x: x.source, y: y.source, width: x.kept, height: y.kept },
    target: { x: x.target, y: y.target },
    result,
  };
}

/** Size that all images of a batch are padded to. @throws UsageError if they differ and no padding was asked for */
export function canvasSize(placements: readonly Placement[], pad: ImageOptions['pad']): Size {
  const first = placements[0]!.result;
  if (pad !== null && pad !== 'batch') return pad;
  if (pad === 'batch') {
    return {
      height: Math.max(...placements.map(({ result }) => result.height)),
      width: Math.max(...placements.map(({ result }) => result.width)),
    };
  }
  placements.forEach(({ result }, i) => {
    if (result.height === first.height && result.width === first.width) return;
    throw new UsageError(
      `image ${i}: becomes ${result.width}x${result.height} pixels, image 0 ${first.width}x${first.height}; ` +
        'a batch needs equal sizes: set resize, centerCrop or pad',
    );
  });
  return first;
}

/** The twelve numbers of ImageGeometry (binding/preprocess/image.h). */
export function geometryFields(placement: Placement, canvas: Size): number[] {
  const { source, resized, region, target } = placement;
  return [
    ...[source.width, source.height, resized.width, resized.height],
    ...[region.x, region.y, region.width, region.height],
    ...[target.x, target.y, canvas.width, canvas.height],
  ];
}
