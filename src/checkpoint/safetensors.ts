// The safetensors format: 8 bytes of header length (little-endian), a JSON header of that length, then the tensors' bytes.
// Only the header is read here; sessions map the bytes. Nothing in a header is believed before it is checked.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../util/error.js';

/** Element types that a session can take as weights; a file may hold others, which are listed but cannot be used. */
const DTYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
const BYTES: Record<string, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

export interface StoredTensor {
  path: string;
  /** Null for element types that no weight can have. */
  dtype: 'float32' | 'float16' | 'bfloat16' | null;
  /** The format's own word for the type, e.g. 'F8_E4M3'. */
  stored: string;
  shape: number[];
  /** Place of the first byte in the file. */
  offset: number;
  byteLength: number;
}

/** The reference implementation refuses longer headers too. */
const MOST_HEADER_BYTES = 100_000_000;

/**
 * The tensors of one file, by name.
 * @throws UsageError for a file that is cut, lies about its sizes, or is no safetensors file
 */
export function readSafetensors(path: string): Map<string, StoredTensor> {
  const fail = (what: string): never => {
    throw new UsageError(`${path}: ${what}; download the file again`);
  };
  const { header, start, size } = readHeader(path, fail);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors.set(name, readEntry(path, name, entry, start, size, fail));
  }
  refuseOverlaps(tensors, fail);
  return tensors;
}

type Fail = (what: string) => never;

function readHeader(path: string, fail: Fail): { header: Record<string, unknown>; start: number; size: number } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const prefix = Buffer.alloc(8);
    if (size < 8 || readSync(file, prefix, 0, 8, 0) < 8) fail('shorter than a safetensors header');
    const length = prefix.readBigUInt64LE();
    if (length > BigInt(MOST_HEADER_BYTES)) fail(`the header says it is ${length} bytes long`);
    if (length > BigInt(size - 8)) fail(`the header says it is ${length} bytes long, the file has ${size}`);
    const text = Buffer.alloc(Number(length));
    if (readSync(file, text, 0, text.length, 8) < text.length) fail('the header is cut');
    let header: unknown;
    try {
      header = JSON.parse(text.toString('utf8'));
    } catch {
      fail('the header is not JSON');
    }
    if (typeof header !== 'object' || header === null || Array.isArray(header)) fail('the header is not a JSON object');
    return { header: header as Record<string, unknown>, start: 8 + text.length, size };
  } finally {
    closeSync(file);
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readEntry(path: string, name: string, entry: unknown, start: number, size: number, fail: Fail): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const label = JSON.stringify(name.slice(0, 120));
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isSize))
    fail(`tensor ${label} has no valid type and shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    fail(`tensor ${label} has no valid offsets`);
  const [begin, end] = offsets as [number, number];
  if (end < begin || start + end > size)
    fail(`tensor ${label} ends at byte ${start + end} of a file of ${size}: the file is cut`);
  const kind = dtype as string;
  const width = BYTES[kind];
  const count = (shape as number[]).reduce((product, length) => product * length, 1);
  if (width !== undefined && count * width !== end - begin)
    fail(`tensor ${label} [${shape}] of ${kind} has ${end - begin} bytes`);
  return {
    path,
    dtype: Object.hasOwn(DTYPES, kind) ? DTYPES[kind as keyof typeof DTYPES] : null,
    stored: kind,
    shape: shape as number[],
    offset: start + begin,
    byteLength: end - begin,
  };
}

function refuseOverlaps(tensors: Map<string, StoredTensor>, fail: Fail): void {
  const ordered = [...tensors]
    .filter(([, tensor]) => tensor.byteLength > 0)
    .sort(([, a], [, b]) => a.offset - b.offset);
  for (let index = 1; index < ordered.length; index++) {
    const [[before, a], [after, b]] = [ordered[index - 1], ordered[index]];
    if (a.offset + a.byteLength > b.offset)
      fail(`the bytes of ${JSON.stringify(before)} and ${JSON.stringify(after)} overlap`);
  }
}
