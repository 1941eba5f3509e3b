// Cast rows: as many numbers as a 720p image has, results reused on both sides.

import { quantize, toHalf } from '../../src/preprocess/index.js';
import { makeSound } from '../../test/preprocess/signals.js';
import type { Contest } from './contest.js';

const COUNT = 2_764_800;

/** Round to nearest even by integer arithmetic, the fastest known way without typed half floats. */
function toFloat16Loop(words: Uint32Array, out: Uint16Array): void {
  for (let i = 0; i < words.length; ++i) {
    const bits = words[i]!;
    const sign = (bits >>> 16) & 0x8000;
    const magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00;
    else if (magnitude >= 0x477ff000) out[i] = sign | 0x7c00;
    else if (magnitude >= 0x38800000)
      out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    else if (magnitude < 0x33000000) out[i] = sign;
    else {
      const shift = 126 - (magnitude >>> 23);
      const fraction = (magnitude & 0x7fffff) | 0x800000;
      const half = fraction >>> shift;
      const rest = fraction & ((1 << shift) - 1);
      const middle = 1 << (shift - 1);
      out[i] = sign | (half + (rest > middle || (rest === middle && half & 1) ? 1 : 0));
    }
  }
}

function toBfloat16Loop(words: Uint32Array, out: Uint16Array): void {
  for (let i = 0; i < words.length; ++i) {
    const bits = words[i]!;
    out[i] = (bits & 0x7fffffff) > 0x7f800000 ? (bits >>> 16) | 0x40 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  }
}

function quantizeLoop(values: Float32Array, scale: number, zeroPoint: number, out: Int8Array): void {
  for (let i = 0; i < values.length; ++i) {
    const q = values[i]! / scale;
    let rounded = Math.round(q);
    if (rounded - q === 0.5 && rounded & 1) --rounded;
    out[i] = Math.max(-128, Math.min(127, rounded + zeroPoint));
  }
}

export function castContests(): Contest[] {
  const values = makeSound('voice', COUNT);
  const words = new Uint32Array(values.buffer);
  const halves = new Uint16Array(COUNT);
  const bytes = new Int8Array(COUNT);
  const spare = new Float32Array(COUNT);
  const floor = { name: 'memcpy of the input', run: () => spare.set(values) };
  return [
    {
      task: 'float32 to float16, 2.76 M',
      rounds: 41,
      hfbench: () => toHalf(values, 'float16', halves),
      peers: [{ name: 'JS loop', run: () => toFloat16Loop(words, halves), goal: { avx512: 10, avx2: 8 } }],
      floor,
    },
    {
      task: 'float32 to bfloat16, 2.76 M',
      rounds: 41,
      hfbench: () => toHalf(values, 'bfloat16', halves),
      peers: [{ name: 'JS loop', run: () => toBfloat16Loop(words, halves), goal: { avx512: 8, avx2: 8 } }],
      floor,
    },
    {
      task: 'float32 to int8, 2.76 M',
      rounds: 41,
      hfbench: () => quantize(values, 1 / 127, 3, bytes),
      peers: [{ name: 'JS loop', run: () => quantizeLoop(values, 1 / 127, 3, bytes), goal: { avx512: 15, avx2: 8 } }],
      floor,
    },
  ];
}
