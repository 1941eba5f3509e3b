// One kind of raw input on its way into a model: where it comes from, and the kernel that prepares it.

import type { PreprocessResult, Targets } from '../../preprocess/result.js';
import type { HostTensor } from '../../util/tensor.js';
import type { Encoded, RawFiles } from './files.js';

export interface Stage {
  /** Raw input, and what is done to it, in words. */
  input: string;
  preprocessor: string;
  tokenizer: string | null;
  /** Size of the raw input, and how many items it has. */
  inputBytes: number;
  items: number;
  /** Median time of decoding the file; null where nothing was decoded. */
  decodeNs: number | null;
  run(into: Targets): PreprocessResult;
}

/** What every stage is made for. */
export interface StageContext {
  /** The model's own input, without which the stage makes no sense: its shape says how many items of which size. */
  main: HostTensor;
  files: RawFiles;
  /** 0: all cores. */
  threads: number;
  /** A clock in nanoseconds. */
  nowNs(): number;
}

const DECODINGS = 5;

/** Decodes a few times more than once: the first includes what loading the decoder costs. */
export async function decoded<T>(file: Encoded<T>, nowNs: () => number): Promise<{ value: T; decodeNs: number }> {
  let value = await file.decode();
  const times: number[] = [];
  for (let i = 0; i < DECODINGS; ++i) {
    const start = nowNs();
    value = await file.decode();
    times.push(nowNs() - start);
  }
  return { value, decodeNs: times.sort((a, b) => a - b)[DECODINGS >> 1]! };
}

export const repeated = (count: number): string => (count === 1 ? '' : `, ${count} times`);
