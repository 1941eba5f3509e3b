// Weights as a session takes them: described here, made by the addon straight into the memory that ONNX Runtime uses.

/**
 * One weight that the session takes from memory. `values` says where the numbers come from: the deterministic rule of
 * fill (see binding/weights/weight.h) or a slice of a memory-mapped file. `transposed` weights are stored [in, out] where the
 * state dict has [out, in]; `shape` is always the state dict's.
 */
export interface WeightSpec {
  /** Name of the initializer in the graph. */
  name: string;
  dtype: 'float32' | 'float16' | 'bfloat16' | 'int8' | 'uint8' | 'int32' | 'int64';
  shape: number[];
  transposed: boolean;
  values: /** `start`: the element of the stream that the weight begins with, where it is a slice of a larger entry. */
    | { kind: 'fill'; stream: string; center: number; scale: number; start?: number }
    /** Whole numbers from `low` to `high` - 1, for integer types. */
    | { kind: 'integers'; stream: string; low: number; high: number }
    | { kind: 'file'; path: string; offset: number; byteLength: number; dtype: 'float32' | 'float16' | 'bfloat16' };
  /**
   * Quantised storage of a linear weight: which part of the packed form this initializer is (absent: plain); see weight.h.
   * `inOut`: the state dict has [in, out].
   */
  pack?: { scheme: 'int8-column' | 'int4-block32'; part: 'values' | 'scales' | 'zeros'; inOut?: boolean };
}
