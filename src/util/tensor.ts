// Tensors outside a graph: values on the host and descriptions of a session's inputs and outputs.

export type DType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'string';

/** Row-major values on the host. `data` holds the bytes of the elements in little-endian order, without padding. */
export interface HostTensor {
  dtype: DType;
  shape: number[];
  data: Uint8Array;
}

/** An input or output of a session: a symbolic dimension is its name, an unnamed unknown one is '?'. */
export interface ValueInfo {
  name: string;
  dtype: DType;
  shape: (number | string)[];
}

/** Bytes of one element; 0 for strings, which have no fixed size. */
export const BYTES: Record<DType, number> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  string: 0,
};

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
