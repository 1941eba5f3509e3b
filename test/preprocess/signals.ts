// The inputs of the fixtures: test/fixtures/preprocess/signals.py, number for number.

import type { RawImage } from '../../src/preprocess/image.js';
import { madePhoto, madeVoice, noise } from '../../src/preprocess/made/signal.js';

export type ImageKind = 'noise' | 'black-white' | 'photo';
export type SoundKind = 'silence' | 'clipped' | 'impulse' | 'voice';

export function makeImage(kind: ImageKind, width: number, height: number, channels: 1 | 3, seed: number): RawImage {
  if (kind === 'photo') return madePhoto(width, height, channels, seed);
  const data = noise(width * height * channels, seed);
  for (let i = 0; i < data.length && kind === 'black-white'; ++i) data[i] = data[i]! > 127 ? 255 : 0;
  return { data, width, height, channels };
}

export function makeSound(kind: SoundKind, count: number, seed = 7): Float32Array {
  if (kind === 'voice') return madeVoice(count, seed);
  const out = new Float32Array(count);
  for (let t = 0; t < count; ++t) {
    if (kind === 'clipped') out[t] = Math.floor(t / 31) % 2 === 0 ? 1 : -1;
    if (kind === 'impulse') out[t] = t === Math.floor(count / 2) ? 1 : 0;
  }
  return out;
}
