// Graph -> ModelProto bytes. Weights stay outside: every parameter is an external initializer.

import { BYTES, elementCount } from '../../util/tensor.js';
import type { Dim } from '../dim.js';
import type { Attribute, Constant, Graph, Node, Parameter } from '../graph.js';
import { ELEMENT_TYPE } from '../ops/elementwise.js';
import type { Tensor } from '../tensor.js';
import {
  ATTRIBUTE,
  type AttributeMessage,
  EXTERNAL,
  type GraphMessage,
  ModelProto,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
} from './schema.js';

const text = new TextEncoder();

/** Where the bytes of a parameter lie: in a file beside the model, or inside the model. */
export type Placement = { location: string; offset: number } | { bytes: Uint8Array };

/** Bytes of a parameter as stored. */
export const parameterBytes = (parameter: Parameter): number =>
  elementCount(parameter.storedShape) * BYTES[parameter.dtype];

/** File name and offsets that a placement function may give: parameters one after another, aligned to `alignment` bytes. */
export function layOut(
  graph: Graph,
  location: string,
  alignment = 64,
): { offsets: Map<string, number>; totalBytes: number; place: (parameter: Parameter) => Placement } {
  const offsets = new Map<string, number>();
  let end = 0;
  for (const parameter of graph.parameters.values()) {
    end = Math.ceil(end / alignment) * alignment;
    offsets.set(parameter.name, end);
    end += parameterBytes(parameter);
  }
  return { offsets, totalBytes: end, place: (parameter) => ({ location, offset: offsets.get(parameter.name)! }) };
}

/** @param place where each parameter's bytes lie; the default names a file that a session never opens (it takes them from memory) */
export function encodeModel(
  graph: Graph,
  name: string,
  place: (parameter: Parameter) => Placement = layOut(graph, 'memory').place,
): Uint8Array {
  const domains = new Set(['']);
  collectDomains(graph, domains);
  return ModelProto.encode({
    irVersion: 9,
    producerName: 'hfbench',
    opsetImport: [...domains].map((domain) => ({ domain, version: domain === '' ? graph.options.opset : 1 })),
    graph: graphMessage(graph, name, place),
  } as never).finish();
}

function collectDomains(graph: Graph, domains: Set<string>): void {
  for (const node of graph.nodes) {
    domains.add(node.domain);
    for (const value of Object.values(node.attributes))
      if (typeof value === 'object' && 'graph' in value) collectDomains(value.graph, domains);
  }
}

function graphMessage(graph: Graph, name: string, place?: (parameter: Parameter) => Placement): GraphMessage {
  const initializer = place
    ? [
        ...[...graph.parameters.values()].map((parameter) => parameterMessage(parameter, place)),
        ...[...graph.constants.values()].map(constantMessage),
      ]
    : [];
  return {
    name,
    node: [...graph.nodes.map(nodeMessage), ...renamedOutputs(graph)],
    initializer,
    input: graph.inputs.map((input) => valueMessage(input.name, input)),
    output: graph.outputs.map((output) => valueMessage(output.name, output.tensor)),
  };
}

/** Outputs get their public names by an Identity; bodies already name theirs. */
function renamedOutputs(graph: Graph): NodeMessage[] {
  return graph.outputs
    .filter((output) => output.name !== output.tensor.name)
    .map((output) => ({
      name: `output/${output.name}`,
      opType: 'Identity',
      input: [output.tensor.name],
      output: [output.name],
    }));
}

function nodeMessage(node: Node): NodeMessage {
  const inputs = node.inputs.map((input) => input?.name ?? '');
  while (inputs.at(-1) === '') inputs.pop();
  return {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: inputs,
    output: node.outputs.map((output) => output?.name ?? ''),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeMessage(name, value)),
  };
}

function attributeMessage(name: string, value: Attribute): AttributeMessage {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE.string, s: text.encode(value) };
  if (Array.isArray(value)) {
    return typeof value[0] === 'string'
      ? { name, type: ATTRIBUTE.strings, strings: value.map((item) => text.encode(item as string)) }
      : { name, type: ATTRIBUTE.ints, ints: value as number[] };
  }
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  if ('floats' in value) return { name, type: ATTRIBUTE.floats, floats: value.floats };
  if ('tensor' in value) return { name, type: ATTRIBUTE.tensor, t: constantMessage(value.tensor) };
  return { name, type: ATTRIBUTE.graph, g: graphMessage(value.graph, name) };
}

function constantMessage(constant: Constant): TensorMessage {
  return { name: constant.name, dims: constant.shape, dataType: ELEMENT_TYPE[constant.dtype], rawData: constant.data };
}

function parameterMessage(parameter: Parameter, place: (parameter: Parameter) => Placement): TensorMessage {
  const message: TensorMessage = {
    name: parameter.name,
    dims: parameter.storedShape,
    dataType: ELEMENT_TYPE[parameter.dtype],
  };
  const placement = place(parameter);
  if ('bytes' in placement) return { ...message, rawData: placement.bytes };
  const entries = { location: placement.location, offset: placement.offset, length: parameterBytes(parameter) };
  return {
    ...message,
    dataLocation: EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value: `${value}` })),
  };
}

function valueMessage(name: string, tensor: Tensor): ValueMessage {
  const dim = (size: Dim): { dimValue?: number; dimParam?: string } =>
    typeof size === 'number' ? { dimValue: size } : size.startsWith('?') ? {} : { dimParam: size };
  return {
    name,
    type: { tensorType: { elemType: ELEMENT_TYPE[tensor.dtype], shape: { dim: tensor.shape.map(dim) } } },
  };
}
