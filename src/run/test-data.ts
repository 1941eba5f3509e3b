// Real inputs for an ONNX file, where its author put them beside it: test_data_set_0/input_<n>.pb, the convention of the
// ONNX model zoo and test suite, one TensorProto each.

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TensorProto } from '../graph/onnx/schema.js';
import { BYTES, type DType, elementCount, type HostTensor, type ValueInfo } from '../util/tensor.js';
import type { Feeds } from './feeds.js';

const MOST_BYTES = 1 << 28;

/** TensorProto.DataType of onnx.proto, for the types whose elements have a fixed size. */
const DTYPES: Record<number, DType> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

interface TensorMessage {
  name?: string;
  dims?: string[];
  dataType?: number;
  rawData?: Uint8Array;
  floatData?: number[];
  doubleData?: number[];
  int32Data?: number[];
  int64Data?: string[];
  uint64Data?: string[];
}

/** Small types are kept in int32_data, one element each, when there is no raw_data. */
function typedData(message: TensorMessage, dtype: DType): Uint8Array | null {
  const { rawData, floatData = [], doubleData = [], int32Data = [], int64Data = [], uint64Data = [] } = message;
  if (rawData !== undefined && rawData.length > 0) return rawData.slice();
  const array = (() => {
    switch (dtype) {
      case 'float32':
        return Float32Array.from(floatData);
      case 'float64':
        return Float64Array.from(doubleData);
      case 'int64':
        return BigInt64Array.from(int64Data, BigInt);
      case 'uint64':
        return BigUint64Array.from(uint64Data, BigInt);
      case 'uint32':
        return Uint32Array.from(uint64Data, Number);
      case 'int32':
        return Int32Array.from(int32Data);
      case 'int16':
        return Int16Array.from(int32Data);
      case 'uint16':
      case 'float16':
      case 'bfloat16':
        return Uint16Array.from(int32Data);
      case 'int8':
        return Int8Array.from(int32Data);
      case 'uint8':
      case 'bool':
        return Uint8Array.from(int32Data);
      case 'string':
        return null;
    }
  })();
  return array && new Uint8Array(array.buffer);
}

function readTensor(path: string): { name: string; tensor: HostTensor } | null {
  try {
    if (statSync(path).size > MOST_BYTES) return null;
    const decoded = TensorProto.decode(readFileSync(path));
    const message = TensorProto.toObject(decoded, { longs: String }) as TensorMessage;
    const dtype = DTYPES[message.dataType ?? 0];
    if (dtype === undefined) return null;
    const shape = (message.dims ?? []).map(Number);
    const data = typedData(message, dtype);
    if (data === null || data.length !== elementCount(shape) * BYTES[dtype]) return null;
    return { name: message.name ?? '', tensor: { dtype, shape, data } };
  } catch {
    return null; // not there, or not what the convention says: the inputs are made instead
  }
}

/** @param shapes what each input should be, as flags and habits say */
export function testDataFeeds(model: string, inputs: readonly ValueInfo[], shapes: readonly number[][]): Feeds | null {
  const feeds: Feeds = {};
  for (const [index, input] of inputs.entries()) {
    const read = readTensor(join(dirname(model), 'test_data_set_0', `input_${index}.pb`));
    if (read === null) return null;
    const name = inputs.some((other) => other.name === read.name) ? read.name : input.name;
    const position = inputs.findIndex((other) => other.name === name);
    const same = read.tensor.shape.join() === shapes[position]!.join();
    if (!same || read.tensor.dtype !== inputs[position]!.dtype) return null;
    feeds[name] = read.tensor;
  }
  return Object.keys(feeds).length === inputs.length ? feeds : null;
}
