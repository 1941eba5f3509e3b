// Public module of the graph builder.
export * from './dim.js';
export * from './graph.js';
export { GraphError } from './graph-error.js';
export { countMacs } from './macs.js';
export { countOperators, decodeModel } from './onnx/decode.js';
export { encodeModel, layOut, type Placement, parameterBytes } from './onnx/encode.js';
export * from './ops/control.js';
export * from './ops/elementwise.js';
export * from './ops/matmul.js';
export * from './ops/nn.js';
export * from './ops/reduce.js';
export * from './ops/shape.js';
export { printGraph } from './print.js';
export { Scope } from './scope.js';
export { graphOf } from './shape.js';
export { type Operand, Tensor } from './tensor.js';
export { filled, weightSpecs } from './weights.js';
