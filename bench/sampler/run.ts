// How true hfbench's samples are: ratios to a bare C++ loop over the same calls, in one process with blocks in turn (fidelity.cc).
//   node dist/bench/sampler/run.js

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';
import { matmulModel } from '../../test/support/onnx.js';

interface Setting {
  label: string;
  rows: number;
  /** The model is x [rows, width] @ w [width, width]. */
  width: number;
  runs: number;
  blocks: number;
  /** Largest accepted distance of the median ratio from 1. */
  within: number | null;
}
// Where a run is long, both loops take turns run by run, so that other work on the machine meets both alike.
const SETTINGS: Setting[] = [
  { label: 'next to nothing', rows: 1, width: 4, runs: 2_000, blocks: 600, within: null },
  { label: 'about 5 us', rows: 12, width: 192, runs: 1_000, blocks: 300, within: 0.02 },
  { label: 'about 1 ms', rows: 192, width: 704, runs: 1, blocks: 1500, within: 0.005 },
  { label: 'about 3 ms', rows: 256, width: 1024, runs: 1, blocks: 700, within: 0.005 },
];
const ADDED_LIMIT_NS = 100;

const root = fileURLToPath(new URL('../../../', import.meta.url));

execFileSync('cmake', ['--build', 'build', '--config', 'Release', '--target', 'bench_sampler'], { cwd: root });
const folder = mkdtempSync(join(tmpdir(), 'hfbench-bench-'));
const rows = SETTINGS.map(({ label, rows, width, runs, blocks, within }) => {
  const model = join(folder, 'model.onnx');
  writeFileSync(
    model,
    matmulModel(rows, width, width, new Uint8Array(new Float32Array(width * width).fill(0.01).buffer)),
  );
  const args = [packagedOrtLibrary(), model, rows, width, runs, blocks].map(String);
  const text = execFileSync(join(root, 'build', 'Release', 'bench_sampler'), args, { encoding: 'utf8' });
  const [sampledNs, bareNs, sampledRunNs, untimedRunNs] = text.trim().split(' ').map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const ratio = sampledNs / bareNs;
  const addedNs = sampledRunNs - untimedRunNs;
  return {
    model: label,
    'sample median ns': sampledNs.toFixed(0),
    'bare loop median ns': bareNs.toFixed(0),
    ratio: ratio.toFixed(4),
    // Beside a longer run, its own scatter would hide these few nanoseconds.
    'added per run ns': within === null ? addedNs.toFixed(1) : '',
    goal: within === null ? `added < ${ADDED_LIMIT_NS} ns` : `ratio within ${within * 100} %`,
    met: within === null ? addedNs < ADDED_LIMIT_NS : Math.abs(ratio - 1) <= within,
  };
});
rmSync(folder, { recursive: true });
console.table(rows);
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
