// Weights as bytes, for runtimes and files that cannot have them made in place: the addon writes them one after another,
// laid out as encodeModel says that they lie in the model's external file.

import { loadAddon } from '../../binding/index.js';
import { UnsupportedError } from '../util/error.js';
import type { WeightSpec } from '../util/weight.js';

/** Of layOut in src/graph/onnx/encode.ts. */
const ALIGNMENT = 64;

export interface StoredWeights {
  bytes: Uint8Array;
  fillNs: number;
}

/** @throws UnsupportedError when they do not fit into one buffer; UsageError when the addon is missing */
export function storeWeights(weights: readonly WeightSpec[]): StoredWeights {
  const addon = loadAddon();
  let end = 0;
  const places = weights.map((spec) => {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = offset + addon.storedWeight(spec).byteLength;
    return { spec, offset, end };
  });
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(end);
  } catch {
    throw new UnsupportedError('weight-size', `${end} bytes of weights do not fit into one JavaScript buffer`);
  }
  const started = process.hrtime.bigint();
  for (const { spec, offset, end: last } of places) addon.storeWeight(spec, bytes.subarray(offset, last));
  return { bytes, fillNs: Number(process.hrtime.bigint() - started) };
}

/** One weight in a buffer of its own. @throws as storeWeights */
export function storeWeight(spec: WeightSpec): Uint8Array {
  return storeWeights([spec]).bytes;
}
