// JPEG, PNG and WebP files to raw pixels, by the optional package sharp. Not part of any timed kernel.

import { UsageError } from '../util/error.js';
import type { RawImage } from './image.js';

const MOST_PIXELS = 2 ** 28;

/**
 * The RGB pixels of an image file; alpha is dropped and EXIF rotation ignored, as Pillow's open(...).convert('RGB') does.
 * A JPEG decoder may differ from Pillow's by a grey level here and there: the standard leaves rounding open.
 * @param source path or contents of the file
 * @param mostPixels larger images are refused before they are decoded
 * @throws UsageError if sharp is not installed or the file is no image that it can read
 */
export async function decodeImage(source: string | Uint8Array, mostPixels = MOST_PIXELS): Promise<RawImage> {
  const name = typeof source === 'string' ? source : `image of ${source.length} bytes`;
  const { default: sharp } = await import('sharp').catch(() => {
    throw new UsageError(`${name}: decoding needs the package sharp; install it with 'npm install sharp'`);
  });
  try {
    const image = sharp(source, { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'error' });
    const { data, info } = await image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data: new Uint8Array(data), width: info.width, height: info.height, channels: info.channels as 1 | 3 };
  } catch (error) {
    throw new UsageError(`${name}: not a readable image (${(error as Error).message.split('\n')[0]})`);
  }
}
