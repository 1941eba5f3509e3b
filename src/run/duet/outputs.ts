// Do two sides compute the same? A faster but wrong output is no gain.

import { createHash } from 'node:crypto';
import type { OutputComparison } from '../../record/duet.js';
import { fromFloat16 } from '../../util/half.js';
import { type DType, elementCount, type HostTensor } from '../../util/tensor.js';
import type { Feeds } from '../feeds.js';

/** Values of an output, thinned to what can be sent in no time: every `n`-th, the same ones on both sides. */
export interface SampledOutput {
  name: string;
  shape: number[];
  values: Float64Array;
}

const MOST_VALUES = 1 << 18;

type Read = (data: DataView, index: number) => number;

const READ: Record<Exclude<DType, 'string'>, Read> = {
  float32: (data, i) => data.getFloat32(4 * i, true),
  float64: (data, i) => data.getFloat64(8 * i, true),
  float16: (data, i) => fromFloat16(data.getUint16(2 * i, true)),
  bfloat16: (data, i) => {
    const wide = new DataView(new ArrayBuffer(4));
    wide.setUint16(2, data.getUint16(2 * i, true), true);
    return wide.getFloat32(0, true);
  },
  int64: (data, i) => Number(data.getBigInt64(8 * i, true)),
  uint64: (data, i) => Number(data.getBigUint64(8 * i, true)),
  int32: (data, i) => data.getInt32(4 * i, true),
  uint32: (data, i) => data.getUint32(4 * i, true),
  int16: (data, i) => data.getInt16(2 * i, true),
  uint16: (data, i) => data.getUint16(2 * i, true),
  int8: (data, i) => data.getInt8(i),
  uint8: (data, i) => data.getUint8(i),
  bool: (data, i) => data.getUint8(i),
};

/** Outputs of strings are left out: they have no distance. */
export function sampleOutputs(outputs: Record<string, HostTensor>): SampledOutput[] {
  return Object.entries(outputs).flatMap(([name, { dtype, shape, data }]) => {
    if (dtype === 'string') return [];
    const count = elementCount(shape);
    const step = Math.max(1, Math.ceil(count / MOST_VALUES));
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const values = Float64Array.from({ length: Math.ceil(count / step) }, (_, i) => READ[dtype](view, i * step));
    return [{ name, shape, values }];
  });
}

/** Equal digests: the same inputs. */
export function digestOf(feeds: Feeds): string {
  const hash = createHash('sha256');
  for (const [name, { dtype, shape, data }] of Object.entries(feeds).sort(([x], [y]) => (x < y ? -1 : 1)))
    hash.update(`${name} ${dtype} ${shape} `).update(data);
  return hash.digest('hex').slice(0, 16);
}

interface SideOutputs {
  outputs: readonly SampledOutput[];
  inputDigest: string;
}

const unknown = (problem: string): OutputComparison => ({ relativeL2: null, output: null, problem, wrong: false });
const wrong = (problem: string): OutputComparison => ({ relativeL2: null, output: null, problem, wrong: true });

/** Distance of B's outputs from A's, ||b - a|| / ||a|| of the worst; outputs are matched by name, or by place where none agrees. */
export function compareOutputs(a: SideOutputs, b: SideOutputs): OutputComparison {
  if (a.inputDigest !== b.inputDigest) return unknown('the sides run with different inputs');
  const byPlace = a.outputs.every(({ name }) => b.outputs.every((other) => other.name !== name));
  if (a.outputs.length === 0) return unknown('there is no output of numbers');
  if (byPlace && a.outputs.length !== b.outputs.length)
    return wrong(`A has ${a.outputs.length} outputs, B ${b.outputs.length}, under other names`);
  let worst: OutputComparison = { relativeL2: 0, output: a.outputs[0]!.name, problem: null, wrong: false };
  for (const [place, { name, shape, values }] of a.outputs.entries()) {
    const other = byPlace ? b.outputs[place] : b.outputs.find((one) => one.name === name);
    if (other === undefined) return wrong(`B has no output '${name}'`);
    if (`${other.shape}` !== `${shape}`) return wrong(`output '${name}' is [${shape}] in A, [${other.shape}] in B`);
    const relativeL2 = relativeDistance(values, other.values);
    if (relativeL2 === null)
      return wrong(`output '${name}' of B holds values that are no finite numbers where A's are`);
    if (relativeL2 > worst.relativeL2!) worst = { ...worst, relativeL2, output: name };
  }
  return worst;
}

/**
 * Places where both hold the same NaN or infinity count as equal. Null: only one of them is finite somewhere. Where A is all zero,
 * nothing is relative to it: then the distance is B's root mean square.
 */
function relativeDistance(a: Float64Array, b: Float64Array): number | null {
  let difference = 0;
  let size = 0;
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    if (Object.is(x, y)) {
      if (Number.isFinite(x)) size += x * x;
      continue;
    }
    if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
    difference += (y - x) ** 2;
    size += x * x;
  }
  return Math.sqrt(difference / (size || a.length || 1));
}
