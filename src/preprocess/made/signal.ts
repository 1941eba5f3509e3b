// A picture and a voice that nobody took or recorded: whole-number rules, the same on every machine. They have what costs
// real ones their time: edges, gradients and grain; pitch, overtones, hiss and pauses.

import type { RawImage } from '../image.js';

/** Bytes of a 32-bit xorshift (Marsaglia 2003). */
export function noise(count: number, seed: number): Uint8Array {
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

/** 0 to 255 and back. */
function triangle(t: number, period: number): number {
  const p = t % period;
  return Math.floor(((2 * p < period ? 2 * p : 2 * (period - p)) * 255) / period);
}

export function madePhoto(width: number, height: number, channels: 1 | 3, seed: number): RawImage {
  const data = noise(width * height * channels, seed);
  const centerX = Math.floor(width / 2);
  const centerY = Math.floor(height / 3);
  const radius = Math.floor(Math.min(width, height) / 3);
  for (let y = 0, i = 0; y < height; ++y) {
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

/** Samples of full scale 1, meant for 16 kHz. */
export function madeVoice(count: number, seed: number): Float32Array {
  const hiss = noise(count, seed);
  return Float32Array.from(hiss, (grain, t) => {
    const pitch = triangle(t * (90 + (Math.floor(t / 4000) % 40)), 16000) - 127;
    const overtone = triangle(t * 530, 16000) - 127;
    const loudness = 32768 * 2 ** (Math.floor(t / 1500) % 12);
    return (Math.floor((pitch * triangle(t, 7001)) / 4) + overtone * 20 + (grain - 128) * 9) / loudness;
  });
}
