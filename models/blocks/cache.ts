// Decoding with a cache. In the plain form nothing is past and nothing is kept; in the cached form every layer takes its
// past keys and values ('past_key_values.N.key') and gives the present ones ('present.N.key'), as optimum names them.
//
// Encoder-decoders have a third form. 'encode' runs the encoder once: input_ids, attention_mask -> encoder_last_hidden_state and
// the cross-attention keys and values of every decoder layer, 'encoder_key_values.N.key' and '.value' [batch, heads, seq, width].
// 'cached' runs the decoder: decoder_input_ids [batch, decoder_seq], encoder_attention_mask [batch, seq], these outputs as inputs
// of the same names (constant from step to step), past self-attention states -> logits and present states.

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
import type { DType } from '../../src/util/tensor.js';
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
 * @param mask attention_mask [batch, past + seq], which tells how long the past is; without one, a past state must tell it
 * @param positions position_ids [batch, seq] where they are given; else tokens are counted from the start, padding and all
 */
export function steps(ids: Tensor, mask: Tensor | undefined, positions?: Tensor): Steps {
  const g = ids.graph;
  const past: Dim = g.options.form === 'cached' ? 'past' : 0;
  const seq = ids.dim(1);
  if (past !== 0 && mask) {
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

/**
 * The steps of an encoder-decoder's decoder, whose attention mask may be left out: then the past of the first layer tells its length.
 * @param heads and width of a head, of the first layer
 */
export function decoderSteps(ids: Tensor, mask: Tensor | undefined, heads: number, width: number): Steps {
  const g = ids.graph;
  if (g.options.form === 'cached' && !mask) pastOf(g, 0, 'key', g.options.dtype, [ids.dim(0), heads, 'past', width]);
  return steps(ids, mask);
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

/** Inputs of an encoder-decoder over token ids, by form. */
export function encoderDecoderInputs(vocabulary: number, form: Form, targetVocabulary = vocabulary): Inputs {
  const source = { input_ids: tokens(vocabulary, 'batch', 'seq'), attention_mask: mask('batch', 'seq') };
  if (form === 'encode') return source;
  const cached = form === 'cached';
  return {
    ...(cached ? { encoder_attention_mask: source.attention_mask } : source),
    decoder_input_ids: tokens(targetVocabulary, 'batch', 'decoder_seq'),
    decoder_attention_mask: optional(mask('batch', cached ? dimAdd('past', 'decoder_seq') : 'decoder_seq')),
  };
}

/** The past keys or values of a layer: the same tensor however often it is asked for. */
function pastOf(g: Graph, layer: number, name: 'key' | 'value', dtype: DType, shape: Dim[]): Tensor {
  const input = `past_key_values.${layer}.${name}`;
  return g.root.inputs.find((tensor) => tensor.name === input) ?? g.pastState(input, dtype, shape);
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
    const held = heldPast(g, 'past', window);
    const past = pastOf(g, layer, name, fresh.dtype, [fresh.dim(0), fresh.dim(1), held, fresh.dim(3)]);
    const all = concat([past, fresh], 2);
    g.nextState(past.name, `present.${layer}.${name}`, window === null ? all : lastRows(all, window - 1));
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
