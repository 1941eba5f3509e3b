// Scripted duets: every session's durations are given, so a verdict is the same on every machine.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeModel, FakeScript } from '../../src/runtime/fake.js';
import { FAKE, folderWith } from './cli.js';

/** Scatter of sessions, as fractions: made up, without trend, zero on average over six and twelve. */
export const SCATTER = [
  0.002, -0.001, 0.0005, -0.002, 0.001, -0.0005, 0.0015, -0.0015, 0.0008, -0.0008, 0.0004, -0.0004,
];

export interface ScriptedSide {
  /** Time of a run. */
  ns: number;
  /** Of session i, a factor beyond 1; absent: none. */
  scatter?: readonly number[];
  outputValue?: number;
  fault?: FakeModel['fault'];
  /** The fault happens in these sessions alone. */
  faultIn?: readonly number[];
}

const model = ({ ns, outputValue, fault }: ScriptedSide, factor: number): FakeModel => ({
  durationsNs: [0, 0.001, -0.001].map((wave) => Math.round(ns * factor * (1 + wave))),
  firstRunNs: ns * 2,
  sessionCreateNs: 10e6,
  ...(outputValue !== undefined && { outputValue }),
  ...(fault && { fault }),
});

/** A folder with `<name>.onnx` for each side and a script that plays them. */
export function scriptedFolder(sides: Record<string, ScriptedSide>): string {
  const names = Object.keys(sides).map((name) => `${name}.onnx`);
  const folder = folderWith(...names);
  const path = join(folder, 'script.json');
  const script = JSON.parse(readFileSync(path, 'utf8')) as FakeScript;
  for (const [name, side] of Object.entries(sides)) {
    const { fault, faultIn, ...well } = side;
    script.models[`${name}.onnx`] = model(faultIn ? well : side, 1);
    for (let i = 0; i < 12; i++) {
      const factor = 1 + (side.scatter?.[i] ?? 0);
      script.models[`${name}.onnx#${i}`] = model(faultIn && !faultIn.includes(i) ? well : side, factor);
    }
  }
  writeFileSync(path, JSON.stringify(script));
  copyFileSync(join(FAKE, 'add.onnx'), join(folder, 'add.onnx'));
  return folder;
}

/** Scripted, quick, and in the same order every time. */
export const PLAYED = ['--runtime', 'fake', '--fake-script', 'script.json', '--seed', '7', '--rounds', '6'];
