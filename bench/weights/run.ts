// Speed of making weights against copying as many bytes with memcpy on all cores, measured in turn.
//   node dist/bench/weights/run.js [MiB of float32]

import { loadAddon } from '../../binding/index.js';
import type { WeightSpec } from '../../src/util/weight.js';

const GOAL = 0.5;
const ROUNDS = 7;
const addon = loadAddon();
const side = Math.floor(Math.sqrt(((Number(process.argv[2]) || 256) * 2 ** 20) / 4) / 64) * 64;
const spec = (more: Partial<WeightSpec>): WeightSpec => ({
  name: 'w',
  dtype: 'float32',
  shape: [side, side],
  transposed: false,
  values: { kind: 'fill', stream: 'w', center: 0, scale: 0.02 },
  ...more,
});
const CASES: [string, WeightSpec][] = [
  ['f32', spec({})],
  ['f32 transposed', spec({ transposed: true })],
  ['f16', spec({ dtype: 'float16' })],
  ['f16 transposed', spec({ dtype: 'float16', transposed: true })],
  ['bf16', spec({ dtype: 'bfloat16' })],
  ['int8-column', spec({ dtype: 'int8', pack: { scheme: 'int8-column', part: 'values' } })],
  ['int4-block32', spec({ dtype: 'uint8', pack: { scheme: 'int4-block32', part: 'values' } })],
];

function secondsOf(work: () => void): number {
  const started = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const target = new Uint8Array(side * side * 4).fill(1); // pages touched before: both sides are measured without page faults
const rows: Record<string, unknown>[] = [];
let met = true;
for (const level of addon.cpuInfo().isaLevels) {
  addon.forceIsa(level);
  for (const [label, weight] of CASES) {
    const { byteLength } = addon.storedWeight(weight);
    const part = target.subarray(0, byteLength);
    let seconds = Number.POSITIVE_INFINITY;
    let copied = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // STREAM counts a copied byte twice, once read and once written.
      copied = Math.max(copied, (await addon.measureBandwidth(target.byteLength, 0, 1)).copyBytesPerSecond / 2);
      seconds = Math.min(
        seconds,
        secondsOf(() => addon.storeWeight(weight, part)),
      );
    }
    const ratio = byteLength / seconds / copied;
    const isGoal = label === 'f32' && level === addon.cpuInfo().isaLevels.at(-1);
    if (isGoal) met = ratio >= GOAL;
    rows.push({
      level,
      weights: label,
      'GB/s': (byteLength / seconds / 1e9).toFixed(2),
      'million elements/s': ((side * side) / seconds / 1e6).toFixed(0),
      'memcpy GB/s': (copied / 1e9).toFixed(2),
      'ratio to memcpy': ratio.toFixed(2),
      goal: isGoal ? `at least ${GOAL}` : '',
    });
  }
}
console.log(`${addon.cpuInfo().brand}, ${addon.cpuInfo().threads} threads, [${side}, ${side}]`);
console.table(rows);
process.exitCode = met ? 0 : 1;
