// Operators that work element by element, with NumPy broadcasting. A number stands for a constant of the other operand's type.

import type { DType } from '../../util/tensor.js';
import { shapeText } from '../dim.js';
import { GraphError } from '../graph-error.js';
import { broadcast, graphOf } from '../shape.js';
import type { Operand, Tensor } from '../tensor.js';

function pair(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (typeof a === 'number' && typeof b === 'number') throw new GraphError(`${op}: one operand must be a tensor`);
  const left = typeof a === 'number' ? (b as Tensor).graph.constant(a, (b as Tensor).dtype) : a;
  const right = typeof b === 'number' ? left.graph.constant(b, left.dtype) : b;
  if (left.dtype !== right.dtype) {
    throw new GraphError(
      `${op}: ${left.dtype}${shapeText(left.shape)} (${left.name}) and ${right.dtype}${shapeText(right.shape)} (${right.name}) differ in type`,
    );
  }
  return [left, right];
}

const binary =
  (op: string, result?: DType) =>
  (a: Operand, b: Operand): Tensor => {
    const [left, right] = pair(op, a, b);
    const shape = broadcast(left.shape, right.shape, op);
    return graphOf(left, right).node(op, [left, right], {}, [{ dtype: result ?? left.dtype, shape }])[0];
  };

const unary =
  (op: string, result?: DType) =>
  (x: Tensor): Tensor =>
    x.graph.node(op, [x], {}, [{ dtype: result ?? x.dtype, shape: x.shape }])[0];

export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');
export const pow = binary('Pow');
export const minimum = binary('Min');
export const maximum = binary('Max');
export const equal = binary('Equal', 'bool');
export const less = binary('Less', 'bool');
export const lessOrEqual = binary('LessOrEqual', 'bool');
export const greater = binary('Greater', 'bool');
export const greaterOrEqual = binary('GreaterOrEqual', 'bool');
export const and = binary('And', 'bool');
export const or = binary('Or', 'bool');
export const xor = binary('Xor', 'bool');
export const not = unary('Not', 'bool');
export const neg = unary('Neg');
export const abs = unary('Abs');
export const sign = unary('Sign');
export const sqrt = unary('Sqrt');
export const exp = unary('Exp');
export const log = unary('Log');
export const sin = unary('Sin');
export const cos = unary('Cos');
export const acos = unary('Acos');
export const tanh = unary('Tanh');
export const erf = unary('Erf');
export const floor = unary('Floor');
export const ceil = unary('Ceil');
export const round = unary('Round');
export const reciprocal = unary('Reciprocal');
export const sigmoid = unary('Sigmoid');
export const relu = unary('Relu');
export const softplus = unary('Softplus');
export const isNan = unary('IsNaN', 'bool');

/** Remainder; `floating` follows the sign of the dividend (C's fmod), whole numbers that of the divisor. */
export function mod(a: Operand, b: Operand): Tensor {
  const [left, right] = pair('Mod', a, b);
  const floating = left.dtype.startsWith('float') ? 1 : 0;
  return graphOf(left, right).node('Mod', [left, right], { fmod: floating }, [
    { dtype: left.dtype, shape: broadcast(left.shape, right.shape, 'Mod') },
  ])[0];
}

export const leakyRelu = (x: Tensor, slope: number): Tensor =>
  x.graph.node('LeakyRelu', [x], { alpha: { float: slope } }, [{ dtype: x.dtype, shape: x.shape }])[0];
export const elu = (x: Tensor, alpha = 1): Tensor =>
  x.graph.node('Elu', [x], { alpha: { float: alpha } }, [{ dtype: x.dtype, shape: x.shape }])[0];
export const hardSigmoid = (x: Tensor, alpha: number, beta: number): Tensor =>
  x.graph.node('HardSigmoid', [x], { alpha: { float: alpha }, beta: { float: beta } }, [
    { dtype: x.dtype, shape: x.shape },
  ])[0];
export const hardSwish = unary('HardSwish');

export function cast(x: Tensor, to: DType): Tensor {
  if (x.dtype === to) return x;
  return x.graph.node('Cast', [x], { to: ELEMENT_TYPE[to] }, [{ dtype: to, shape: x.shape }])[0];
}

/** Limits values to [low, high]; null leaves that side open. */
export function clip(x: Tensor, low: number | null, high: number | null): Tensor {
  const bounds = [low, high].map((bound) => (bound === null ? null : x.graph.constant(bound, x.dtype)));
  return x.graph.node('Clip', [x, ...bounds], {}, [{ dtype: x.dtype, shape: x.shape }])[0];
}

/** `yes` where the condition holds, `no` elsewhere. */
export function where(condition: Tensor, yes: Operand, no: Operand): Tensor {
  const typed = typeof yes !== 'number' ? yes : typeof no !== 'number' ? no : null;
  const graph = condition.graph;
  const dtype = typed?.dtype ?? graph.options.dtype;
  const a = typeof yes === 'number' ? graph.constant(yes, dtype) : yes;
  const b = typeof no === 'number' ? graph.constant(no, dtype) : no;
  if (a.dtype !== b.dtype) throw new GraphError(`Where: ${a.dtype} and ${b.dtype} differ in type`);
  const shape = broadcast(condition.shape, broadcast(a.shape, b.shape, 'Where'), 'Where');
  return graphOf(condition, a, b).node('Where', [condition, a, b], {}, [{ dtype, shape }])[0];
}

/** TensorProto.DataType of onnx.proto. */
export const ELEMENT_TYPE: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};
