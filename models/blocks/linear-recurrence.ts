// The recurrence h_t = a_t h_(t-1) + x_t, element by element, as ONNX's Scan: a multiplication and an addition per step.

import { add, mul, scan, type Tensor } from '../../src/graph/index.js';

/**
 * @param decay a, float32 [batch, steps, ...], broadcasts against the state
 * @param inflow x, float32 [batch, steps, ...state]
 * @param start h before the first step, float32 [batch, ...state]
 * @returns the states [batch, steps, ...state] behind each step (or before it, with `before`), and the last one
 */
export function linearRecurrence(
  decay: Tensor,
  inflow: Tensor,
  start: Tensor,
  options: { before?: boolean } = {},
): { states: Tensor; last: Tensor } {
  const { states, results } = scan(
    [start],
    [decay, inflow],
    ([state], [factor, fresh]) => {
      const next = add(mul(factor, state), fresh);
      return { states: [next], results: [options.before ? state : next] };
    },
    { axis: 1 },
  );
  return { states: results[0], last: states[0] };
}
