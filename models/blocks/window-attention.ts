// Longformer's attention (Beltagy et al. 2020, arXiv:2004.05150): tokens see a window around them and the global tokens; global
// tokens see all, through projections of their own.

import {
  abs,
  and,
  cast,
  concat,
  dimCeilDiv,
  equal,
  expand,
  full,
  type Graph,
  gatherND,
  lessOrEqual,
  matmul,
  maximum,
  mul,
  not,
  range,
  reduceMax,
  reduceSum,
  type Scope,
  slice,
  sub,
  type Tensor,
  topK,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { attend, mergeHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { fillBlocks, forBlocks, fromBlocks, toBlocks, wholeBlocks, withNeighbours } from './local-attention.js';
import { additive } from './mask.js';

export interface WindowOptions {
  heads: number;
  /** Places that a token sees, without its own: half to each side. */
  window: number;
  /** What is no padding: bool [batch, seq]. */
  kept: Tensor;
  /** Global tokens, none of them padding: bool [batch, seq]. */
  global: Tensor;
}

/** x [batch, seq, width] -> the same shape, before the output layer; layers query, key, value, query_global, ... */
export function windowAttention(scope: Scope, x: Tensor, o: WindowOptions): Tensor {
  const [batch, seq, width] = x.shape;
  const side = o.window / 2;
  const blocks = dimCeilDiv(seq, side);
  const made = (name: string, y: Tensor): Tensor => linear(scope.at(name), y, width as number);
  const [q, k, v] = ['query', 'key', 'value'].map((name) => made(name, x));
  const { places, valid } = globalPlaces(o.global);
  const chosen = (y: Tensor): Tensor => gatherND(y, unsqueeze(places, 2), 1); // [batch, globals, width]

  const near = (y: Tensor): Tensor => splitHeads(withNeighbours(fillBlocks(y, side), side), o.heads);
  const far = (y: Tensor): Tensor => forBlocks(splitHeads(chosen(y), o.heads), blocks);
  const own = bandMask(x.graph, and(o.kept, not(o.global)), side); // [batch * blocks, 1, side, 3 * side]
  const joint = unsqueeze(forBlocks(valid, blocks), 1, 2); // [batch * blocks, 1, 1, globals]
  const mask = concat([expand(additive(joint), [...own.shape.slice(0, 3), joint.dim(3)]), additive(own)], -1);
  const queries = splitHeads(toBlocks(fillBlocks(q, side), side), o.heads);
  const local = attend(queries, concat([far(k), near(k)], 2), concat([far(v), near(v)], 2), { mask });
  const mixed = slice(fromBlocks(mergeHeads(local), batch, wholeBlocks(seq, side)), 1, 0, seq);
  const ofTokens = mul(mixed, unsqueeze(cast(o.kept, x.dtype), 2)); // padding gets zeros

  const split = (name: string, y: Tensor): Tensor => splitHeads(made(name, y), o.heads);
  const seen = attend(split('query_global', chosen(x)), split('key_global', x), split('value_global', x), {
    mask: additive(unsqueeze(o.kept, 1, 2)),
  });
  const back = cast(equal(unsqueeze(range(x.graph, seq), 0, 2), unsqueeze(places, 1)), x.dtype); // [batch, seq, globals]
  return where(unsqueeze(o.global, 2), matmul(back, mergeHeads(seen)), ofTokens);
}

/** Places of the global tokens, as many as the row with most has (at least one): int64 and bool [batch, globals]. */
function globalPlaces(global: Tensor): { places: Tensor; valid: Tensor } {
  const flags = cast(global, 'int64');
  const most = reduceMax(reduceSum(flags, 1), 0, { keep: true });
  const [values, places] = topK(flags, maximum(most, 1), 1);
  return { places, valid: cast(values, 'bool') };
}

/** Whether a query sees a key of its own or a neighbouring block: keys bool [batch, seq] -> bool [batch * blocks, 1, size, 3 * size]. */
function bandMask(g: Graph, keys: Tensor, size: number): Tensor {
  const distances = sub(unsqueeze(range(g, 3 * size), 0), unsqueeze(range(g, size, size), 1));
  const around = cast(withNeighbours(fillBlocks(cast(keys, 'int64'), size), size), 'bool');
  return and(unsqueeze(around, 1, 2), lessOrEqual(abs(distances), size));
}

/** One window for each layer, from a configuration that gives one for all or a list. @throws UsageError */
export function layerWindows(family: string, given: number | number[] | null, layers: number): number[] {
  const windows = typeof given === 'number' ? Array<number>(layers).fill(given) : given;
  if (!Array.isArray(windows) || windows.length !== layers)
    throw new UsageError(`${family}: attention_window must be one number or one for each of ${layers} layers`);
  const odd = windows.find((window) => !(Number.isInteger(window) && window > 0 && window % 2 === 0));
  if (odd !== undefined) throw new UsageError(`${family}: attention_window must be even and positive, not ${odd}`);
  return windows;
}

/** Which tokens are no padding, and which of them are global: bool [batch, seq]. */
export function tokenMarks(inputs: Record<string, Tensor>): { kept: Tensor; global: Tensor } {
  const { input_ids: ids, attention_mask: mask, global_attention_mask: global } = inputs;
  const kept = cast(mask ?? full(ids.graph, ids.shape, 1, 'int64'), 'bool');
  return { kept, global: and(kept, cast(global ?? full(ids.graph, ids.shape, 0, 'int64'), 'bool')) };
}
