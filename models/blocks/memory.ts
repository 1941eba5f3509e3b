// What a decoder attends to besides itself: the states of an encoder, or the keys and values made of them in an earlier run
// (see cache.ts for the forms).

import type { Dim, Graph, Scope, Tensor } from '../../src/graph/index.js';
import { type AttentionOptions, attend, mergeHeads, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { paddingMask } from './mask.js';

export interface Memory {
  /** [batch, seq, encoder width]; null in the cached form, which takes keys and values instead. */
  states: Tensor | null;
  /** Additive mask over the encoder's places: broadcasts to [batch, heads, queries, seq]. */
  mask: Tensor | null;
  /** Places of the encoder. */
  length: Dim;
}

export type CrossOptions = AttentionOptions & { layer: number };

interface KeyValue {
  key: Tensor;
  value: Tensor;
}

function settings(options: AttentionOptions) {
  const { bias } = options;
  const names = options.names ?? (['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const);
  return { names, biases: typeof bias === 'object' ? bias : Array<boolean>(4).fill(bias ?? true) };
}

/** Keys and values [batch, heads, seq, width] of the encoder's states. */
function project(scope: Scope, states: Tensor, options: AttentionOptions, width: number): KeyValue {
  const { names, biases } = settings(options);
  const heads = options.kvHeads ?? options.heads;
  const one = (index: 1 | 2): Tensor =>
    splitHeads(linear(scope.at(names[index]), states, heads * width, { bias: biases[index] }), heads);
  return { key: one(1), value: one(2) };
}

const nameOf = (layer: number, part: 'key' | 'value'): string => `encoder_key_values.${layer}.${part}`;

/** The 'encode' form of one layer: its keys and values become outputs. @param width of a head */
export function rememberLayer(scope: Scope, states: Tensor, options: CrossOptions, width: number): void {
  const made = project(scope, states, options, width);
  for (const part of ['key', 'value'] as const) scope.graph.output(nameOf(options.layer, part), made[part]);
}

/** Cross-attention keys and values of a layer, in any form. @param width of a head */
export function recall(scope: Scope, x: Tensor, memory: Memory, options: CrossOptions, width: number): KeyValue {
  if (memory.states) return project(scope, memory.states, options, width);
  const shape = [x.dim(0), options.kvHeads ?? options.heads, memory.length, width];
  const one = (part: 'key' | 'value'): Tensor => scope.graph.root.input(nameOf(options.layer, part), x.dtype, shape);
  return { key: one('key'), value: one('value') };
}

/** x [batch, queries, width] attends to the memory -> the same shape. */
export function crossAttention(scope: Scope, x: Tensor, memory: Memory, options: CrossOptions): Tensor {
  const width = x.dim(-1) as number;
  const headWidth = options.headDim ?? width / options.heads;
  const { names, biases } = settings(options);
  const q = splitHeads(linear(scope.at(names[0]), x, options.heads * headWidth, { bias: biases[0] }), options.heads);
  const { key, value } = recall(scope, x, memory, options, headWidth);
  const mixed = attend(q, key, value, { mask: memory.mask, ...options });
  return linear(scope.at(names[3]), mergeHeads(mixed), width, { bias: biases[3] });
}

export interface Halves {
  /** The encoder: its last hidden state [batch, seq, width]. */
  encode: () => Tensor;
  /** Gives every decoder layer's cross-attention keys and values as outputs (`rememberLayer`). */
  remember: (states: Tensor) => void;
  /** The decoder: the outputs beside encoder_last_hidden_state. */
  decode: (memory: Memory) => Record<string, Tensor>;
}

/** Joins the halves of an encoder-decoder in the form that the graph has. */
export function encoderDecoder(g: Graph, inputs: Record<string, Tensor>, halves: Halves): Record<string, Tensor> {
  if (g.options.form === 'cached') {
    return halves.decode({ states: null, mask: paddingMask(inputs.encoder_attention_mask), length: 'seq' });
  }
  const states = halves.encode();
  if (g.options.form === 'encode') {
    halves.remember(states);
    return { encoder_last_hidden_state: states };
  }
  return {
    ...halves.decode({ states, mask: paddingMask(inputs.attention_mask), length: states.dim(1) }),
    encoder_last_hidden_state: states,
  };
}
