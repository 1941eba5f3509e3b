// The float that each byte of a channel becomes: a table of 256, and the same function in a form fit for vectors.
// Arithmetic of the PIL processors: float32(float64(byte) * factor), then float32 subtraction and division.

import type { ImageOptions } from './image-options.js';

const { fround } = Math;

/** Value of one byte; every step is rounded to float32 as numpy rounds it. */
export function pixelValue(byte: number, channel: number, options: ImageOptions): number {
  let x = byte;
  if (options.rescale !== null) x = fround(fround(byte * options.rescale.factor) - fround(options.rescale.offset));
  for (const { mean, std } of options.normalize) {
    x = fround(fround(x - fround(mean[channel]!)) / fround(std[channel]!));
  }
  return x;
}

/** The upper 16 bits of a float32's significand: its product with a byte is exact. */
function upperHalf(x: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, x);
  view.setUint32(0, view.getUint32(0) & 0xffffff00);
  return view.getFloat32(0);
}

/**
 * Tables for the output planes: values[plane * 256 + byte], and AffineStep's five numbers a plane. The addon compares the
 * two and uses the steps only if they give the same bits for all bytes; more than one normalisation never fits them.
 */
export function planeValues(options: ImageOptions, planeChannels: readonly number[]) {
  const values = new Float32Array(planeChannels.length * 256);
  const steps = new Float32Array(planeChannels.length * 5);
  const factor = options.rescale?.factor ?? 1;
  const high = upperHalf(fround(factor));
  planeChannels.forEach((channel, plane) => {
    for (let byte = 0; byte < 256; ++byte) values[plane * 256 + byte] = pixelValue(byte, channel, options);
    const { mean, std } = options.normalize[0] ?? { mean: [0, 0, 0], std: [1, 1, 1] };
    steps.set([high, factor - high, options.rescale?.offset ?? 0, mean[channel]!, std[channel]!], plane * 5);
  });
  return { values, steps };
}
