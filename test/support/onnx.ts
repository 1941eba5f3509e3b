// Small ONNX models as bytes, for tests of what lies below the graph builder.

import protobuf from 'protobufjs';

const field = (id: number, type: string, rule?: string) => ({ id, type, ...(rule && { rule }) });
const list = (id: number, type: string) => field(id, type, 'repeated');

// The fields of onnx.proto (onnx/onnx, Apache-2.0) that the models below need.
const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: list(8, 'Opset'),
      },
    },
    Opset: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: list(1, 'Node'),
        name: field(2, 'string'),
        initializer: list(5, 'Tensor'),
        input: list(11, 'Value'),
        output: list(12, 'Value'),
      },
    },
    Node: {
      fields: {
        input: list(1, 'string'),
        output: list(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: list(5, 'Attribute'),
        domain: field(7, 'string'),
      },
    },
    Attribute: { fields: { name: field(1, 'string'), i: field(3, 'int64'), type: field(20, 'int32') } },
    Tensor: {
      fields: {
        dims: list(1, 'int64'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        externalData: list(13, 'Entry'),
        dataLocation: field(14, 'int32'),
      },
    },
    Entry: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    Value: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType'), sequenceType: field(4, 'SequenceType') } },
    SequenceType: { fields: { elemType: field(1, 'Type') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dim: list(1, 'Dim') } },
    Dim: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
});

/** ONNX's numbers of element types. */
export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, string: 8, bool: 9, float16: 10 } as const;
type Element = keyof typeof ELEMENT;
/** A size, a symbolic dimension's name, or '' for an unnamed unknown size. */
type Size = number | string;

export interface TestNode {
  op: string;
  inputs: string[];
  outputs: string[];
  name?: string;
  domain?: string;
  /** Whole-number attributes. */
  attributes?: Record<string, number>;
}

export interface TestModel {
  nodes: TestNode[];
  inputs: [name: string, type: Element, shape: Size[]][];
  /** A null type stands for a sequence of float tensors. */
  outputs: [name: string, type: Element | null, shape: Size[]][];
  /** Without bytes: an external initializer, to be given from memory. */
  initializers?: [name: string, type: Element, shape: number[], bytes?: Uint8Array][];
}

const dim = (size: Size) => (typeof size === 'number' ? { dimValue: size } : size === '' ? {} : { dimParam: size });

function value([name, type, shape]: [string, Element | null, Size[]]) {
  const tensorType = { elemType: ELEMENT[type ?? 'float32'], shape: { dim: shape.map(dim) } };
  return { name, type: type ? { tensorType } : { sequenceType: { elemType: { tensorType } } } };
}

/** Bytes of a ModelProto, opset 17. */
export function onnxModel(model: TestModel): Uint8Array {
  const type = root.lookupType('Model');
  const message = {
    irVersion: 8,
    producerName: 'hfbench-test',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: 'test',
      node: model.nodes.map(({ op, inputs, outputs, name = '', domain = '', attributes = {} }) => ({
        opType: op,
        input: inputs,
        output: outputs,
        name,
        domain,
        attribute: Object.entries(attributes).map(([key, i]) => ({ name: key, i, type: 2 })),
      })),
      input: model.inputs.map(value),
      output: model.outputs.map(value),
      initializer: (model.initializers ?? []).map(([name, element, dims, bytes]) => ({
        name,
        dims,
        dataType: ELEMENT[element],
        ...(bytes ? { rawData: bytes } : { dataLocation: 1, externalData: [{ key: 'location', value: 'memory' }] }),
      })),
    },
  };
  return Uint8Array.from(type.encode(type.fromObject(message)).finish()); // no Buffer: its slice() shares memory
}

/** y = x @ w with x [rows, inner] and w [inner, columns]; `rows` may be symbolic, `w` comes from memory unless given. */
export function matmulModel(rows: Size, inner: number, columns: number, w?: Uint8Array): Uint8Array {
  return onnxModel({
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'], name: 'multiply' }],
    inputs: [['x', 'float32', [rows, inner]]],
    outputs: [['y', 'float32', [rows, columns]]],
    initializers: [['w', 'float32', [inner, columns], w]],
  });
}
