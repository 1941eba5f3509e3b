// Runs a small graph of the builder on tensors of the test.

import * as ort from 'onnxruntime-node';
import type { Graph } from '../../src/graph/index.js';
import { encodeModel } from '../../src/graph/onnx/encode.js';

/** Values in row-major order and their shape; whole numbers for int64 inputs. */
export interface Values {
  data: ArrayLike<number>;
  shape: number[];
}

/** Outputs by name, of a graph without weights. */
export async function runGraph(
  graph: Graph,
  feeds: Record<string, Values>,
): Promise<Record<string, { data: number[]; shape: number[] }>> {
  const bytes = encodeModel(graph, 'test', (parameter) => {
    throw new Error(`the graph has a weight: ${parameter.name}`);
  });
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const tensor = (name: string, { data, shape }: Values): ort.Tensor => {
    const whole = graph.inputs.find((input) => input.name === name)?.dtype === 'int64';
    return whole
      ? new ort.Tensor('int64', BigInt64Array.from(Array.from(data), BigInt), shape)
      : new ort.Tensor('float32', Float32Array.from(data), shape);
  };
  const results = await session.run(
    Object.fromEntries(Object.entries(feeds).map(([name, v]) => [name, tensor(name, v)])),
  );
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { data: Array.from(data as ArrayLike<number | bigint>, Number), shape: [...dims] },
    ]),
  );
}
