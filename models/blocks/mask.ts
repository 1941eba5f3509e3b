// Additive attention masks: 0 where a query may look, the lowest float where it may not, as transformers' eager attention
// makes them. A row with no key to look at thus attends to all keys alike.

import {
  add,
  and,
  cast,
  type Dim,
  dimAdd,
  dimSub,
  equal,
  type Graph,
  greaterOrEqual,
  less,
  lessOrEqual,
  range,
  reduceSum,
  slice,
  sub,
  type Tensor,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { heldPast, type Steps } from './cache.js';

const LOWEST: Record<string, number> = {
  float32: -3.4028234663852886e38,
  float16: -65504,
  bfloat16: -3.3895313892515355e38,
};

/** torch.finfo(dtype).min of the graph's type. */
export const lowest = (g: Graph): number => LOWEST[g.options.dtype];

/** Turns "may look" (bool) into the additive form. @param hidden what is added where it may not */
export function additive(allowed: Tensor, hidden = lowest(allowed.graph)): Tensor {
  return where(allowed, 0, hidden);
}

/** Keys that are no padding: mask [batch, keys] of 0 and 1 -> bool [batch, 1, 1, keys]. */
export function keepsKeys(mask: Tensor): Tensor {
  return unsqueeze(cast(mask, 'bool'), 1, 2);
}

/** mask [batch, keys] of 0 and 1 -> additive [batch, 1, 1, keys]; null without a mask. @param hidden as in `additive` */
export function paddingMask(mask: Tensor | undefined, hidden?: number): Tensor | null {
  return mask ? additive(keepsKeys(mask), hidden) : null;
}

/**
 * Queries at past .. past + seq - 1 see keys up to their own place: bool [seq, held past + seq].
 * @param window how many keys back, the own place counted; null: all. The cache then holds the last window - 1 past keys only.
 * @param kept window of the cache, where it is another
 */
export function causal(
  g: Graph,
  at: { past: Dim; seq: Dim },
  window: number | null = null,
  kept: number | null = window,
): Tensor {
  const held = heldPast(g, at.past, kept);
  const queries = unsqueeze(range(g, at.seq, at.past), 1);
  const keys = unsqueeze(range(g, dimAdd(held, at.seq), dimSub(at.past, held)), 0);
  const before = lessOrEqual(keys, queries);
  return window === null ? before : and(before, less(sub(queries, keys), window));
}

/** Additive mask [batch or 1, 1, seq, held past + seq] of a decoder. */
export function causalMask(
  g: Graph,
  at: Steps,
  mask: Tensor | undefined,
  window: number | null = null,
  kept: number | null = window,
): Tensor {
  const ordered = unsqueeze(causal(g, at, window, kept), 0, 1);
  if (!mask) return additive(ordered);
  const held = heldPast(g, at.past, kept);
  return additive(and(ordered, keepsKeys(held === at.past ? mask : slice(mask, 1, dimSub(at.past, held)))));
}

/**
 * The causal mask plus the padding mask: what both hide overflows to -infinity, so a query without any key attends to the keys
 * that one of them hides.
 */
export function summedMask(g: Graph, at: Steps, mask: Tensor | undefined): Tensor {
  const ordered = additive(unsqueeze(causal(g, at), 0, 1));
  return mask ? add(ordered, additive(keepsKeys(mask))) : ordered;
}

/**
 * The causal mask added to the full one, as GPT-2 does: later keys overflow to -infinity, so a query without any key attends
 * to the padding up to its own place only.
 * @param window of the first of the two (GPT-Neo's local layers)
 */
export function stackedMask(g: Graph, at: Steps, mask: Tensor | undefined, window: number | null = null): Tensor {
  return add(additive(unsqueeze(causal(g, at, window), 0, 1)), causalMask(g, at, mask, null, window));
}

/** Positions of the same segment: ids [batch, seq] -> bool [batch, 1, seq, seq]. */
export function sameSegment(ids: Tensor): Tensor {
  return unsqueeze(equal(unsqueeze(ids, 2), unsqueeze(ids, 1)), 1);
}

/** bool [batch, seq] -> the same shape: as many places at the end of each row as are true in it. */
export function countedFromEnd(present: Tensor): Tensor {
  const [g, seq] = [present.graph, present.dim(1)];
  const count = reduceSum(cast(present, 'int64'), 1, { keep: true });
  return greaterOrEqual(unsqueeze(range(g, seq), 0), sub(g.size(seq), count));
}
