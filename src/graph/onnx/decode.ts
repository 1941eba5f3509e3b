// ModelProto bytes -> messages: enough to look into any ONNX file (names, operators, initializers).

import { GraphError } from '../graph-error.js';
import { type GraphMessage, type ModelMessage, ModelProto } from './schema.js';

/** @throws GraphError where the bytes are no ModelProto */
export function decodeModel(bytes: Uint8Array): ModelMessage {
  let model: ModelMessage;
  try {
    model = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number, arrays: true }) as ModelMessage;
  } catch (error) {
    throw new GraphError(`not an ONNX model: ${(error as Error).message}`);
  }
  if (!model.graph) throw new GraphError('not an ONNX model: it holds no graph');
  return model;
}

/** How many nodes of each operator a graph has, bodies included. */
export function countOperators(graph: GraphMessage, counts = new Map<string, number>()): Map<string, number> {
  for (const node of graph.node ?? []) {
    counts.set(node.opType, (counts.get(node.opType) ?? 0) + 1);
    for (const attribute of node.attribute ?? []) if (attribute.g) countOperators(attribute.g, counts);
  }
  return counts;
}
