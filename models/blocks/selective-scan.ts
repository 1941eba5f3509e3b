// The selective scan of Mamba (Gu and Dao 2023, arXiv:2312.00752): every channel has a small state whose decay depends on the input.
// As ONNX's Scan over the tokens. What is as wide as the states, [tokens, states, width], is made step by step within the body, as
// the authors' kernel does: for the whole sequence it would not fit any cache, and it measured slower too (bench/recurrence).

import {
  add,
  cast,
  exp,
  matmul,
  mul,
  neg,
  scan,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../src/graph/index.js';

export interface SelectiveScan {
  /** Inputs and time steps (positive): [batch, seq, ...heads, width]. */
  u: Tensor;
  step: Tensor;
  /** log(-A): [...heads, width, states]. */
  logA: Tensor;
  /** What enters the states and what is read from them: [batch, seq, ...heads, states]. */
  b: Tensor;
  c: Tensor;
  /** States before the first token: float32 [batch, ...heads, states, width]. */
  start: Tensor;
}

/**
 * h_t = exp(A step_t) h_(t-1) + step_t u_t B_t and y_t = C_t h_t, in float32.
 * @returns y [batch, seq, ...heads, width] in the type of u, and the last states
 */
export function selectiveScan({ u, step, logA, b, c, start }: SelectiveScan): { y: Tensor; last: Tensor } {
  const rank = u.rank;
  // The width comes last, so that the body works on long rows; tokens come first, so that a step is one piece of memory.
  const steps = (x: Tensor, axis: number): Tensor =>
    unsqueeze(transpose(cast(x, 'float32'), [1, 0, ...x.shape.slice(2).map((_, index) => index + 2)]), axis);
  const axes = logA.shape.map((_, axis) => axis);
  const rate = neg(exp(cast(transpose(logA, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]), 'float32')));
  const dt = cast(step, 'float32');
  const { states, results } = scan(
    [start],
    [steps(dt, rank - 1), steps(mul(dt, cast(u, 'float32')), rank - 1), steps(b, rank), steps(c, rank - 1)],
    ([state], [time, inflow, into, from]) => {
      const next = add(mul(exp(mul(rate, time)), state), matmul(into, inflow));
      return { states: [next], results: [matmul(from, next)] };
    },
  );
  const y = squeeze(results[0], rank - 1); // [seq, batch, ...heads, width]
  return { y: cast(transpose(y, [1, 0, ...y.shape.slice(2).map((_, index) => index + 2)]), u.dtype), last: states[0] };
}
