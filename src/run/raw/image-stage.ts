// Images: a file or a made photograph through the image kernel; models of video get the same image as every frame.

import { describeImage } from '../../preprocess/describe.js';
import { ImagePreprocessor, type RawImage } from '../../preprocess/image.js';
import type { ImageOptions } from '../../preprocess/image-options.js';
import { madePhoto } from '../../preprocess/made/signal.js';
import type { HostTensor } from '../../util/tensor.js';
import { imageFile } from './files.js';
import type { Recipe } from './recipe.js';
import { decoded, repeated, type Stage, type StageContext } from './stage.js';

const PHOTO = { width: 1280, height: 720 };

/** Which half type the kernel writes by itself; others are converted afterwards. */
function elementOf({ dtype }: HostTensor): ImageOptions['dtype'] {
  return dtype === 'float16' || dtype === 'bfloat16' ? dtype : 'float32';
}

/** @throws UsageError for a file that cannot be used and options that do not fit together */
export async function imageStage(
  { options, from }: NonNullable<Recipe['image']>,
  { main, files, threads, nowNs }: StageContext,
): Promise<Stage> {
  const given = files.image === null ? null : imageFile(files.image);
  const read = given === null ? null : await decoded<RawImage>(given, nowNs);
  const image = read?.value ?? madePhoto(PHOTO.width, PHOTO.height, 3, 1);
  const kernel = new ImagePreprocessor({ ...options, dtype: elementOf(main), threads });
  const [batch, frames] = main.shape as [number, number];
  const video = main.shape.length === 5;
  const clip = Array<RawImage>(video ? frames : batch).fill(image);
  const clips = Array<RawImage[]>(batch).fill(clip);
  return {
    input: `${given?.name ?? 'made image'} ${image.width}x${image.height}${repeated(video ? batch * frames : batch)}`,
    preprocessor: `${describeImage(kernel.options)} (${from})`,
    tokenizer: null,
    inputBytes: image.data.length * (video ? batch * frames : batch),
    items: batch,
    decodeNs: read?.decodeNs ?? null,
    run: (into) => (video ? kernel.runVideo(clips, into) : kernel.run(clip, into)),
  };
}
