// Image rows: 1280x720 RGB. transformers.js resizes without antialiasing and sharp by other rules, so their pixels differ.

import { ImagePreprocessor, imageOptionsFromConfig } from '../../src/preprocess/index.js';
import { makeImage } from '../../test/preprocess/signals.js';
import type { Contest } from './contest.js';
import type { Peers } from './peers.js';

const WIDTH = 1280;
const HEIGHT = 720;
const PIXELS = WIDTH * HEIGHT;

const VIT = {
  ...{ image_processor_type: 'ViTImageProcessor', do_resize: true, size: { height: 224, width: 224 }, resample: 2 },
  ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: true },
  ...{ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
};
const CLIP = {
  ...{ image_processor_type: 'CLIPImageProcessor', do_resize: true, size: { shortest_edge: 224 }, resample: 3 },
  ...{ do_center_crop: true, crop_size: { height: 224, width: 224 }, do_rescale: true, rescale_factor: 1 / 255 },
  ...{ do_normalize: true, image_mean: [0.48145466, 0.4578275, 0.40821073] },
  ...{ image_std: [0.26862954, 0.26130258, 0.27577711] },
};

/** What one writes by hand: interleaved bytes to normalised planes. */
function normalizeLoop(rgb: Uint8Array, out: Float32Array, mean: number[], std: number[]): void {
  const plane = rgb.length / 3;
  for (let c = 0; c < 3; ++c) {
    const m = mean[c]!;
    const s = std[c]!;
    for (let i = 0; i < plane; ++i) out[c * plane + i] = (rgb[3 * i + c]! / 255 - m) / s;
  }
}

export async function imageContests({ transformers, sharp, processor }: Peers): Promise<Contest[]> {
  const image = makeImage('photo', WIDTH, HEIGHT, 3, 1);
  const theirImage = new transformers.RawImage(image.data, WIDTH, HEIGHT, 3);
  const ours = (config: object) => {
    const preprocessor = new ImagePreprocessor({ ...imageOptionsFromConfig(config), threads: 1 });
    return () => preprocessor.run(image).release();
  };
  const theirs = async (config: object) => {
    const run = await processor('AutoImageProcessor', config);
    return () => run(theirImage);
  };
  const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 } };
  const small = new Float32Array(3 * 224 * 224);
  const sharpThenLoop = (options: object, config: { image_mean: number[]; image_std: number[] }) => async () => {
    const resized = await sharp(image.data, raw).resize(224, 224, options).raw().toBuffer();
    normalizeLoop(resized, small, config.image_mean, config.image_std);
  };
  const spare = new Uint8Array(image.data.length);
  const copyInput = { name: 'memcpy of the input', run: () => spare.set(image.data) };
  const large = new Float32Array(3 * PIXELS);
  const copied = new Float32Array(3 * PIXELS);
  const lanczos = new ImagePreprocessor({
    ...{ resize: { to: 'exact', height: 224, width: 224 }, filter: 'lanczos', rescale: null, dtype: 'uint8' },
    ...{ layout: 'channels-last', threads: 1 },
  });
  return [
    {
      task: 'ViT, 720p to 224x224, bilinear',
      rounds: 41,
      hfbench: ours(VIT),
      peers: [
        { name: 'transformers.js', run: await theirs(VIT), goal: { avx512: 8, avx2: 5 } },
        {
          name: 'sharp + JS loop',
          run: sharpThenLoop({ kernel: 'linear', fit: 'fill' }, VIT),
          goal: { avx512: 3, avx2: 1.8 },
        },
      ],
      floor: copyInput,
    },
    {
      task: 'CLIP, 720p to 224x224, bicubic + crop',
      rounds: 41,
      hfbench: ours(CLIP),
      peers: [
        { name: 'transformers.js', run: await theirs(CLIP) },
        { name: 'sharp + JS loop', run: sharpThenLoop({ kernel: 'cubic', fit: 'cover' }, CLIP) },
      ],
      floor: copyInput,
    },
    {
      task: 'resize alone, 720p to 224x224, lanczos',
      rounds: 41,
      hfbench: () => lanczos.run(image).release(),
      peers: [
        {
          name: 'sharp',
          run: () => sharp(image.data, raw).resize(224, 224, { kernel: 'lanczos3', fit: 'fill' }).raw().toBuffer(),
        },
      ],
      floor: copyInput,
    },
    {
      task: 'normalise + layout, 720p',
      rounds: 41,
      hfbench: ours({ ...VIT, do_resize: false }),
      peers: [
        {
          name: 'JS loop, output reused',
          run: () => normalizeLoop(image.data, large, VIT.image_mean, VIT.image_std),
          goal: { avx512: 8, avx2: 8 },
        },
        { name: 'transformers.js', run: await theirs({ ...VIT, do_resize: false }) },
      ],
      floor: { name: 'memcpy of the output', run: () => copied.set(large) },
    },
  ];
}
