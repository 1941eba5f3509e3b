// Decoding with a cache. In the plain form nothing is past and nothing is kept; in the cached form every layer takes its
// past keys and values ('past_key_values.N.key') and gives the present ones ('present.N.key'), as optimum names them.

import {
  concat,
  type Dim,
  dimAdd,
  END,
  type Graph,
  minimum,
  range,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { constant, type InputSpec, type Inputs, mask, optional, tokens } from '../define.js';

type Form = Graph['options']['form'];

/** Which positions a run computes: `seq` new ones behind `past` cached ones. */
export interface Steps {
  past: Dim;
  seq: Dim;
  total: Dim;
  /** Places of the new positions: int64 [batch or 1, seq]. */
  positions: Tensor;
}

/**
 * @param mask attention_mask [batch, past + seq], which tells how long the past is
 * @param positions position_ids [batch, seq] where they are given; else tokens are counted from the start, padding and all
 */
export function steps(ids: Tensor, mask: Tensor, positions?: Tensor): Steps {
  const g = ids.graph;
  const past: Dim = g.options.form === 'cached' ? 'past' : 0;
  const seq = ids.dim(1);
  if (past !== 0) {
    const [total] = g.node('Shape', [mask], { start: 1, end: 2 }, [{ dtype: 'int64', shape: [1] }]);
    g.defineDim('past', sub(total, g.size(seq)));
  }
  return {
    past,
    seq,
    total: dimAdd(past, seq),
    get positions() {
      return positions ?? unsqueeze(range(g, seq, past), 0);
    },
  };
}

/** input_ids [batch, seq] and attention_mask [batch, past + seq] of a decoder; position_ids [batch, seq] for those who ask. */
export function decoderInputs(
  vocabulary: number,
  form: Form,
): { input_ids: InputSpec; attention_mask: InputSpec; position_ids: InputSpec } & Inputs {
  return {
    input_ids: tokens(vocabulary, 'batch', 'seq'),
    attention_mask: mask('batch', form === 'cached' ? dimAdd('past', 'seq') : 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  };
}

/**
 * How many past positions a layer still holds: all of them, or min(past, window - 1) where queries see only `window` keys back
 * (their own place counted). The second is a dimension of its own, since shapes are polynomials.
 */
export function heldPast(g: Graph, past: Dim, window: number | null = null): Dim {
  if (past === 0 || window === null) return past;
  const name = `past_${window - 1}`;
  g.defineDim(name, minimum(g.size(past), g.constant([window - 1], 'int64')));
  return name;
}

/**
 * Adds the new keys and values [batch, heads, seq, width] of a layer to its past ones.
 * @param window keys that a query sees, its own place counted: what no later query sees is not kept
 * @returns all of them: [batch, heads, held past + seq, width]
 */
export function extendCache(
  layer: number,
  key: Tensor,
  value: Tensor,
  window: number | null = null,
): { key: Tensor; value: Tensor } {
  const g = key.graph;
  if (g.options.form !== 'cached') return { key, value };
  const extend = (name: 'key' | 'value', fresh: Tensor): Tensor => {
    const input = `past_key_values.${layer}.${name}`;
    const past = g.pastState(input, fresh.dtype, [
      fresh.dim(0),
      fresh.dim(1),
      heldPast(g, 'past', window),
      fresh.dim(3),
    ]);
    const all = concat([past, fresh], 2);
    g.nextState(input, `present.${layer}.${name}`, window === null ? all : lastRows(all, window - 1));
    return all;
  };
  return { key: extend('key', key), value: extend('value', value) };
}

/** The last `count` positions of axis 2, or all where there are fewer. */
function lastRows(x: Tensor, count: number): Tensor {
  const g = x.graph;
  const bounds = [count > 0 ? -count : END, END, 2, 1].map((bound) => g.constant([bound], 'int64'));
  const shape = [x.dim(0), x.dim(1), g.unknownDim(), x.dim(3)];
  return g.node('Slice', [x, ...bounds], {}, [{ dtype: x.dtype, shape }])[0];
}
