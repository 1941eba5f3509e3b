// Preprocessing in a few words, for people and for records.

import type { AudioOptions } from './audio-options.js';
import type { ImageOptions, Resize, Size } from './image-options.js';

const box = ({ height, width }: Size) => `${width}x${height}`;
const round = (numbers: readonly number[]) => {
  const texts = numbers.map((number) => String(Number(number.toPrecision(4))));
  return new Set(texts).size === 1 ? texts[0]! : texts.join(' ');
};

function resizeWords(resize: Resize): string {
  switch (resize.to) {
    case 'exact':
      return box(resize);
    case 'shortest-edge':
      return `shortest edge ${resize.size}`;
    case 'shortest-edge-capped':
      return `shortest edge ${resize.size}, longest at most ${resize.longest}`;
    case 'longest-edge':
      return `longest edge ${resize.size}`;
    case 'fit':
      return `within ${box(resize)}`;
    case 'floor':
      return `multiples of ${resize.multiple}`;
  }
}

export function describeImage({ resize, filter, centerCrop, normalize, rescale, pad, channels }: ImageOptions): string {
  return [
    resize === null ? '' : `resize ${resizeWords(resize)} ${filter}`,
    centerCrop === null ? '' : `crop ${box(centerCrop)}`,
    rescale === null ? '' : `rescale 1/${round([1 / rescale.factor])}`,
    ...normalize.map(({ mean, std }) => `mean ${round(mean)}, std ${round(std)}`),
    pad === null ? '' : `pad to ${pad === 'batch' ? 'the largest' : box(pad)}`,
    channels === 'bgr' ? 'BGR' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function describeAudio(options: AudioOptions): string {
  const { kind, sampleRate } = options;
  return [
    `${kind} features at ${sampleRate / 1000} kHz`,
    'mels' in options ? `${options.mels} bands` : '',
    'samples' in options ? `${options.samples / sampleRate} s` : '',
    'frames' in options ? `${options.frames} frames` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
