// The weighted average of RWKV (Peng et al. 2023, arXiv:2305.13048): every channel averages the values so far, weighted by the
// exponentials of their keys, which decay from token to token; the current one has a bonus. As ONNX's Scan, with running maxima so
// that no exponential overflows.

import {
  add,
  cast,
  div,
  equal,
  exp,
  maximum,
  mul,
  scan,
  sub,
  type Tensor,
  transpose,
  where,
} from '../../src/graph/index.js';

/** Sum of weighted values, sum of weights, and the maximum that both are relative to: float32 [batch, width] each. */
export type WkvState = readonly [sum: Tensor, weight: Tensor, top: Tensor];

/**
 * @param key [batch, seq, width] @param value [batch, seq, width]
 * @param bonus of the current token, float32 [width]
 * @param decay what is added to a key with each later token: float32 [width], negative
 * @param start the state before the first token; zeros where there was none yet
 * @returns the averages [batch, seq, width] in the type of the values, and the last state
 */
export function weightedAverage(
  key: Tensor,
  value: Tensor,
  bonus: Tensor,
  decay: Tensor,
  [sum, weight, top]: WkvState,
): { average: Tensor; last: WkvState } {
  const steps = (x: Tensor): Tensor => transpose(cast(x, 'float32'), [1, 0, 2]);
  const keys = steps(key);
  const empty = where(equal(weight, 0), -1e38, top); // nothing was seen: any key is greater
  const { states, results } = scan(
    [sum, weight, empty],
    [keys, add(keys, bonus), steps(value)],
    ([a, b, m], [k, boosted, v]) => {
      const best = maximum(m, boosted);
      const [old, fresh] = [exp(sub(m, best)), exp(sub(boosted, best))];
      const average = div(add(mul(old, a), mul(fresh, v)), add(mul(old, b), fresh));
      const decayed = add(m, decay);
      const next = maximum(decayed, k);
      const [kept, added] = [exp(sub(decayed, next)), exp(sub(k, next))];
      return {
        states: [add(mul(kept, a), mul(added, v)), add(mul(kept, b), added), next],
        results: [average],
      };
    },
  );
  return { average: cast(transpose(results[0], [1, 0, 2]), value.dtype), last: states as unknown as WkvState };
}
