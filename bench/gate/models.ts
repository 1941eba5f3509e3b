// Models of a known cost for trying the gate: residual layers of equal size, so that a layer more is a slowdown of a known share.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { linear } from '../../models/blocks/linear.js';
import { add, Graph, relu, writeModelFile } from '../../src/graph/index.js';
import { storeWeight } from '../../src/runtime/stored-weights.js';

/** About 2 ms and 20 ms on one thread of the machine that the published numbers are from. */
export const SIZES = { '2ms': { rows: 72, width: 128 }, '20ms': { rows: 144, width: 256 } } as const;
export type SizeName = keyof typeof SIZES;

const LAYERS = 100;

/** A file of the model with `extra` of a hundred layers more; made once. @returns its path */
export function modelFile(folder: string, size: SizeName, extra = 0): string {
  const path = join(folder, `${size}${extra === 0 ? '' : `-plus-${extra}`}.onnx`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const { rows, width } = SIZES[size];
  const g = new Graph();
  let h = g.input('x', 'float32', [rows, width]);
  // A residual keeps the values away from zero: denormal numbers would make a deep chain slow.
  for (const layer of g.layers('layers', LAYERS + extra)) h = add(h, relu(linear(layer, h, width)));
  g.output('y', h);
  writeModelFile(g, path, storeWeight);
  return path;
}
