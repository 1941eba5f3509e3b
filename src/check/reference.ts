// Reference files: what transformers computed for a small configuration with deterministic weights and inputs.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../checkpoint/folder.js';
import { UsageError } from '../util/error.js';
import { integers, uniform } from '../util/fill.js';
import { elementCount, type HostTensor } from '../util/tensor.js';
import { numbersOf } from '../util/tensor-values.js';

/** A tensor of a reference: every `stride`-th value of the flattened whole, base64 of little-endian float32 or int64. */
export interface Packed {
  dtype: 'float32' | 'int64' | 'bool';
  shape: number[];
  stride: number;
  data: string;
  /** Euclidean norm of the whole tensor's finite values. */
  l2?: number;
}

/** How an input was made. */
interface Spec {
  low?: number;
  high?: number;
  center?: number;
  scale?: number;
  value?: number;
  values?: unknown;
}

export interface Reference {
  name: string;
  model_type: string;
  model_class: string;
  config: Record<string, unknown>;
  /** State-dict entries with the rule that filled each. */
  state: [name: string, shape: number[], center: number, scale: number][];
  /** Entries that share another's storage. */
  tied: Record<string, string>;
  inputs: Record<string, Packed & { spec: Spec }>;
  outputs: Record<string, Packed>;
}

/** Names of the references of a folder. @throws UsageError where it cannot be read */
export function referenceNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    throw new UsageError(`${folder}: no folder of references (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Digest of the file: of another one an earlier result does not hold. */
export function referenceDigest(folder: string, name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, `${name}.json`)))
    .digest('hex')
    .slice(0, 16);
}

/** Its configuration says the class, as a checkpoint's config.json does. @throws UsageError for a file that is none */
export function readReference(folder: string, name: string): Reference {
  const path = join(folder, `${name}.json`);
  const reference = readJson(path) as unknown as Reference;
  for (const key of ['model_type', 'model_class', 'config', 'state', 'inputs', 'outputs'] as const) {
    if (reference[key] === undefined) throw new UsageError(`${path}: no reference: '${key}' is missing`);
  }
  return {
    ...reference,
    name,
    tied: reference.tied ?? {},
    config: { ...reference.config, architectures: [reference.model_class] },
  };
}

type Values = Float32Array | BigInt64Array;

/** The stored values. */
export function unpack(packed: Packed): Values {
  const bytes = Buffer.from(packed.data, 'base64');
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return packed.dtype === 'float32' ? new Float32Array(copy) : new BigInt64Array(copy);
}

/** The whole input, made from its rule and held against the stored values. @throws UsageError where they differ */
export function referenceInput(name: string, input: Packed & { spec: Spec }): HostTensor {
  const { spec, shape } = input;
  const count = elementCount(shape);
  const isFloat = input.dtype === 'float32';
  let values: Values;
  if (spec.values !== undefined) {
    const flat = (spec.values as unknown[]).flat(Number.POSITIVE_INFINITY) as (number | boolean)[];
    values = isFloat ? Float32Array.from(flat, Number) : BigInt64Array.from(flat, (value) => BigInt(value));
  } else if (spec.value !== undefined) {
    values = isFloat ? new Float32Array(count).fill(spec.value) : new BigInt64Array(count).fill(BigInt(spec.value));
  } else if (spec.low !== undefined) values = integers(`input:${name}`, count, spec.low, spec.high!);
  else values = uniform(`input:${name}`, count, spec.center ?? 0, spec.scale ?? 1);
  unpack(input).forEach((stored, index) => {
    if (stored !== values[index * input.stride])
      throw new UsageError(`input ${name}: value ${index * input.stride} is not what its rule makes`);
  });
  return {
    dtype: isFloat ? 'float32' : 'int64',
    shape,
    data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

/** Whether an element of an output [batch, seq, ...] belongs to a position that the reference's mask of that shape keeps; undefined: all do. */
export function keptElements(reference: Reference, output: string): ((element: number) => boolean) | undefined {
  const { shape } = reference.outputs[output]!;
  for (const name of ['decoder_attention_mask', 'attention_mask']) {
    const input = reference.inputs[name];
    if (!input || shape.length < 3 || `${shape.slice(0, 2)}` !== `${input.shape}`) continue;
    const mask = numbersOf(referenceInput(name, input))!;
    const width = elementCount(shape.slice(2));
    return (element) => Number(mask[Math.floor(element / width)]) !== 0;
  }
  return undefined;
}

/**
 * ||ours - theirs|| / ||theirs|| over the stored values, or the relative error of the whole tensor's norm where that is worse.
 * Equal infinities are equal; anything else that is not finite is infinitely wrong.
 * @param counts which elements are compared; the whole tensor's norm is then left out
 */
export function relativeError(found: ArrayLike<number>, packed: Packed, counts?: (element: number) => boolean): number {
  const stored = unpack(packed);
  let [difference, norm] = [0, 0];
  for (let index = 0; index < stored.length; index++) {
    if (counts && !counts(index * packed.stride)) continue;
    const [ours, theirs] = [found[index * packed.stride]!, Number(stored[index])];
    if (!Number.isFinite(theirs)) {
      if (!Object.is(ours, theirs)) return Number.POSITIVE_INFINITY;
      continue;
    }
    difference += (ours - theirs) ** 2;
    norm += theirs ** 2;
  }
  let error = difference === 0 ? 0 : Math.sqrt(difference / (norm || Number.MIN_VALUE));
  if (packed.l2 !== undefined && !counts) {
    let squares = 0;
    for (let index = 0; index < found.length; index++) {
      const value = found[index]!;
      if (Number.isFinite(value)) squares += value * value;
    }
    error = Math.max(error, Math.abs(Math.sqrt(squares) - packed.l2) / (packed.l2 || 1));
  }
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
