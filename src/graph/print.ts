// A graph as text, one node a line, for golden tests and for reading.

import { shapeText } from './dim.js';
import type { Attribute, Graph } from './graph.js';
import type { Tensor } from './tensor.js';

const typed = (tensor: Tensor): string => `${tensor.dtype}${shapeText(tensor.shape)}`;

function attributeText(value: Attribute): string {
  if (typeof value !== 'object') return `${value}`;
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if ('float' in value) return `${value.float}`;
  if ('floats' in value) return `[${value.floats.join(', ')}]`;
  return 'graph' in value ? '{...}' : `tensor ${value.tensor.dtype}[${value.tensor.shape}]`;
}

export function printGraph(graph: Graph, indent = ''): string {
  const lines = graph.inputs.map((input) => `${indent}input ${input.name}: ${typed(input)}`);
  if (!graph.parent) {
    for (const parameter of graph.parameters.values()) {
      lines.push(
        `${indent}parameter ${parameter.name}: ${parameter.dtype}[${parameter.storedShape.join(', ')}]${parameter.transposed ? ' transposed' : ''}`,
      );
    }
  }
  for (const node of graph.nodes) {
    const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${attributeText(value)}`);
    const call = `${node.domain ? `${node.domain}.` : ''}${node.op}(${[...node.inputs.map((input) => input?.name ?? '-'), ...attributes].join(', ')})`;
    lines.push(
      `${indent}${node.outputs.map((output) => (output ? `${output.name}: ${typed(output)}` : '-')).join(', ')} = ${call}`,
    );
    for (const value of Object.values(node.attributes)) {
      if (typeof value === 'object' && 'graph' in value) lines.push(printGraph(value.graph, `${indent}  `).trimEnd());
    }
  }
  for (const output of graph.outputs)
    lines.push(`${indent}output ${output.name} = ${output.tensor.name}: ${typed(output.tensor)}`);
  return `${lines.join('\n')}\n`;
}
