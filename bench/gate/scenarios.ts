// What the gate is tried on: A against itself, and real slowdowns of a known size.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelFile, type SizeName } from './models.js';

/** The repository's root: this file runs from dist/bench/gate. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface GateScenario {
  /** What is slower in B, in words. */
  what: string;
  /** A against itself: a failure is a false alarm. */
  same: boolean;
  /** Verdicts that are wanted. */
  wanted: number;
  /** Arguments of `hfbench gate`. */
  args(folder: string): string[];
}

const single = ['--threads', '1'];

function pair(size: SizeName, extra: number): GateScenario {
  return {
    what: extra === 0 ? `${size} model against itself` : `${size} model, ${extra} % more layers`,
    same: extra === 0,
    wanted: extra === 0 ? 600 : 100,
    args: (folder) => [modelFile(folder, size), modelFile(folder, size, extra), ...single],
  };
}

/** A copy of this hfbench whose node runtime sleeps in the timed part of every run. @returns its folder */
function sleepingCopy(folder: string, sleepMs: number): string {
  const copy = join(folder, `sleeps-${sleepMs}-ms`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of ['dist/src', 'dist/models', 'dist/binding', 'package.json'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  for (const part of ['node_modules', 'build'])
    if (existsSync(join(ROOT, part))) symlinkSync(join(ROOT, part), join(copy, part), 'junction');
  const runtime = join(copy, 'dist/src/runtime/node.js');
  const timed = 'const outputs = await this.session.run(';
  const code = readFileSync(runtime, 'utf8');
  if (code.split(timed).length !== 2) throw new Error(`${runtime} has no timed run that a sleep can be put into`);
  const nap = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${sleepMs});\n        `;
  writeFileSync(runtime, code.replace(timed, nap + timed));
  return copy;
}

export const GATE_SCENARIOS: Record<string, GateScenario> = {
  'aa-2ms': pair('2ms', 0),
  'aa-20ms': pair('20ms', 0),
  'plus3-2ms': pair('2ms', 3),
  'plus5-2ms': pair('2ms', 5),
  'plus3-20ms': pair('20ms', 3),
  'plus5-20ms': pair('20ms', 5),
  'thread-20ms': {
    what: '20ms model, one thread instead of two',
    same: false,
    wanted: 50,
    args: (folder) => [modelFile(folder, '20ms'), modelFile(folder, '20ms'), '--a-threads', '2', '--b-threads', '1'],
  },
  'sleep-2ms': {
    what: '2ms model on the node runtime, a sleep of 0.1 ms in every run',
    same: false,
    wanted: 50,
    args: (folder) => [
      ...[modelFile(folder, '2ms'), modelFile(folder, '2ms'), ...single],
      ...['--runtime', 'node', '--b-hfbench', sleepingCopy(folder, 0.1)],
    ],
  },
};
