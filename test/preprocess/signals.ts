// The inputs of the fixtures: test/fixtures/preprocess/signals.py, number for number.

import type { RawImage } from '../../src/preprocess/image.js';

export type ImageKind = 'noise' | 'black-white' | 'photo';
export type SoundKind = 'silence' | 'clipped' | 'impulse' | 'voice';

function noise(count: number, seed: number): Uint8Array {
  const out = new Uint8Array(count);
  let state = seed || 1;
  for (let i = 0; i < count; ++i) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = state >>> 24;
  }
  return out;
}

function triangle(t: number, period: number): number {
  const p = t % period;
  return Math.floor(((2 * p < period ? 2 * p : 2 * (period - p)) * 255) / period);
}

export function makeImage(kind: ImageKind, width: number, height: number, channels: 1 | 3, seed: number): RawImage {
  const data = noise(width * height * channels, seed);
  for (let i = 0; i < data.length && kind === 'black-white'; ++i) data[i] = data[i]! > 127 ? 255 : 0;
  const centerX = Math.floor(width / 2);
  const centerY = Math.floor(height / 3);
  const radius = Math.floor(Math.min(width, height) / 3);
  for (let y = 0, i = 0; y < height && kind === 'photo'; ++y) {
    for (let x = 0; x < width; ++x) {
      for (let c = 0; c < channels; ++c, ++i) {
        const shade = Math.floor((triangle(x * 2 + y + c * 60, 431) * 2) / 3);
        const edge = (x - centerX) ** 2 + (y - centerY) ** 2 < radius ** 2 ? 70 : 0;
        const stripes = Math.floor((x + 2 * y) / 9) % 5 === 0 ? 40 : 0;
        data[i] = Math.min(255, Math.max(0, shade + edge - stripes + (data[i]! >> 4)));
      }
    }
  }
  return { data, width, height, channels };
}

export function makeSound(kind: SoundKind, count: number, seed = 7): Float32Array {
  const out = new Float32Array(count);
  const hiss = kind === 'voice' ? noise(count, seed) : out;
  for (let t = 0; t < count; ++t) {
    if (kind === 'clipped') out[t] = Math.floor(t / 31) % 2 === 0 ? 1 : -1;
    if (kind === 'impulse') out[t] = t === Math.floor(count / 2) ? 1 : 0;
    if (kind !== 'voice') continue;
    const pitch = triangle(t * (90 + (Math.floor(t / 4000) % 40)), 16000) - 127;
    const overtone = triangle(t * 530, 16000) - 127;
    const loudness = 32768 * 2 ** (Math.floor(t / 1500) % 12);
    out[t] = (Math.floor((pitch * triangle(t, 7001)) / 4) + overtone * 20 + (hiss[t]! - 128) * 9) / loudness;
  }
  return out;
}
