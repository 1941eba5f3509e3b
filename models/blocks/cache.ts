// Decoding with a cache. In the plain form nothing is past and nothing is kept; in the cached form every layer takes its
// past keys and values ('past_key_values.N.key') and gives the present ones ('present.N.key'), as optimum names them.

import { concat, type Dim, dimAdd, type Graph, range, sub, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { type InputSpec, type Inputs, mask, tokens } from '../define.js';

type Form = Graph['options']['form'];

/** Which positions a run computes: `seq` new ones behind `past` cached ones. */
export interface Steps {
  past: Dim;
  seq: Dim;
  total: Dim;
  /** Places of the new positions: int64 [1, seq]. */
  positions: Tensor;
}

/** @param mask attention_mask [batch, past + seq], which tells how long the past is */
export function steps(ids: Tensor, mask: Tensor): Steps {
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
      return unsqueeze(range(g, seq, past), 0);
    },
  };
}

/** input_ids [batch, seq] and attention_mask [batch, past + seq] of a decoder. */
export function decoderInputs(
  vocabulary: number,
  form: Form,
): { input_ids: InputSpec; attention_mask: InputSpec } & Inputs {
  return {
    input_ids: tokens(vocabulary, 'batch', 'seq'),
    attention_mask: mask('batch', form === 'cached' ? dimAdd('past', 'seq') : 'seq'),
  };
}

/**
 * Adds the new keys and values [batch, heads, seq, width] of a layer to its past ones.
 * @returns all of them: [batch, heads, past + seq, width]
 */
export function extendCache(layer: number, key: Tensor, value: Tensor): { key: Tensor; value: Tensor } {
  const g = key.graph;
  if (g.options.form !== 'cached') return { key, value };
  const extend = (name: 'key' | 'value', fresh: Tensor): Tensor => {
    const input = `past_key_values.${layer}.${name}`;
    const past = g.pastState(input, fresh.dtype, [fresh.dim(0), fresh.dim(1), 'past', fresh.dim(3)]);
    const all = concat([past, fresh], 2);
    g.nextState(input, `present.${layer}.${name}`, all);
    return all;
  };
  return { key: extend('key', key), value: extend('value', value) };
}
