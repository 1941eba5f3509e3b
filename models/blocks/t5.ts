// The stacks of T5 (Raffel et al. 2019, arXiv:1910.10683) and its kin: pre-norm with RMSNorm, no biases, unscaled scores with
// relative positions, plain or gated feed-forward.

import { add, type Graph, mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { nullable } from '../config.js';
import { attention } from './attention.js';
import { decoderSteps, type Steps, steps } from './cache.js';
import { embedding, linear } from './linear.js';
import { causalMask, paddingMask } from './mask.js';
import { crossAttention, encoderDecoder, type Memory, rememberLayer } from './memory.js';
import { gatedMlp, mlp } from './mlp.js';
import { rmsNorm } from './norm.js';
import { type BucketOptions, relativeBias } from './relative-bias.js';

const NAMES = ['q', 'k', 'v', 'o'] as const;

export interface T5StackOptions extends Omit<BucketOptions, 'bidirectional'> {
  layers: number;
  heads: number;
  headWidth: number;
  hidden: number;
  activation: string;
  gated: boolean;
  epsilon: number;
  /** A table of relative positions in every layer (UMT5), or in the first layer for all. */
  biasPerLayer?: boolean;
  /** Instead of plain self-attention: `<block>.layer.0` without its norm. */
  mix?: (scope: Scope, x: Tensor, layer: number) => Tensor;
  /** Instead of DenseReluDense: the last part of a block without its norm. */
  feed?: (scope: Scope, x: Tensor, layer: number) => Tensor;
}

/** The heads of T5 attention: unscaled scores, no biases. */
export const t5Heads = (o: T5StackOptions) => ({
  heads: o.heads,
  headDim: o.headWidth,
  names: NAMES,
  bias: false,
  scale: 1,
});

/** x + f(norm(x)), with the norm `<scope>.layer_norm`. */
const part = (scope: Scope, x: Tensor, o: T5StackOptions, f: (x: Tensor) => Tensor): Tensor =>
  add(x, f(rmsNorm(scope.at('layer_norm'), x, o.epsilon)));

/** `<scope>.DenseReluDense`: wi and wo, or wi_0 (the gate), wi_1 and wo. */
export function t5Feed(scope: Scope, x: Tensor, o: Pick<T5StackOptions, 'hidden' | 'activation' | 'gated'>): Tensor {
  const own = scope.at('DenseReluDense');
  const sizes = { hidden: o.hidden, activation: o.activation, bias: false };
  return o.gated
    ? gatedMlp(own, x, { ...sizes, names: ['wi_0', 'wi_1', 'wo'] })
    : mlp(own, x, { ...sizes, names: ['wi', 'wo'] });
}

/** Masks with the relative positions added, per layer. */
function biased(scope: Scope, at: Steps, mask: Tensor | null, o: T5StackOptions, bidirectional: boolean) {
  return (layer: number): Tensor => {
    const own = scope.at(`block.${o.biasPerLayer ? layer : 0}.layer.0.SelfAttention.relative_attention_bias`);
    const bias = relativeBias(own, at, o.heads, { ...o, bidirectional });
    return mask ? add(bias, mask) : bias;
  };
}

/** Encoder blocks `<scope>.block.N` and `<scope>.final_layer_norm`. @param mask additive, over keys */
export function t5Encoder(scope: Scope, x: Tensor, at: Steps, mask: Tensor | null, o: T5StackOptions): Tensor {
  const bias = biased(scope, at, mask, o, true);
  const mix = o.mix ?? ((own, y, layer) => attention(own.at('SelfAttention'), y, { ...t5Heads(o), mask: bias(layer) }));
  const feed = o.feed ?? ((own, y) => t5Feed(own, y, o));
  scope.layers('block', o.layers).forEach((block, index) => {
    const [self, last] = block.layers('layer', 2);
    x = part(self, x, o, (y) => mix(self, y, index));
    x = part(last, x, o, (y) => feed(last, y, index));
  });
  return rmsNorm(scope.at('final_layer_norm'), x, o.epsilon);
}

/** Decoder blocks `<scope>.block.N` and `<scope>.final_layer_norm`. @param mask additive [batch or 1, 1, seq, past + seq] */
export function t5Decoder(scope: Scope, x: Tensor, at: Steps, mask: Tensor, memory: Memory, o: T5StackOptions): Tensor {
  const bias = biased(scope, at, mask, o, false);
  const feed = o.feed ?? ((own, y) => t5Feed(own, y, o));
  scope.layers('block', o.layers).forEach((block, layer) => {
    const [self, cross, last] = block.layers('layer', 3);
    x = part(self, x, o, (y) => attention(self.at('SelfAttention'), y, { ...t5Heads(o), mask: bias(layer), layer }));
    x = part(cross, x, o, (y) => crossAttention(cross.at('EncDecAttention'), y, memory, { ...t5Heads(o), layer }));
    x = part(last, x, o, (y) => feed(last, y, layer));
  });
  return rmsNorm(scope.at('final_layer_norm'), x, o.epsilon);
}

/** Keys of the group's configurations, with T5's defaults. */
export const T5_KEYS = {
  vocab_size: 32128,
  d_model: 512,
  d_kv: 64,
  d_ff: 2048,
  num_layers: 6,
  num_decoder_layers: nullable<number>('number'),
  num_heads: 8,
  relative_attention_num_buckets: 32,
  relative_attention_max_distance: 128,
  layer_norm_epsilon: 1e-6,
  feed_forward_proj: 'relu',
  dense_act_fn: nullable<string>('string'),
  is_gated_act: nullable<boolean>('boolean'),
  tie_word_embeddings: true,
};
export const T5_IGNORED = ['n_positions', 'max_new_tokens', 'scalable_attention', 'gradient_checkpointing'];

export interface T5Config {
  vocab_size: number;
  d_model: number;
  d_kv: number;
  d_ff: number;
  num_layers: number;
  num_decoder_layers: number | null;
  num_heads: number;
  relative_attention_num_buckets: number;
  relative_attention_max_distance: number;
  layer_norm_epsilon: number;
  feed_forward_proj: string;
  dense_act_fn: string | null;
  is_gated_act: boolean | null;
  tie_word_embeddings: boolean;
}

export const T5_TINY = {
  vocab_size: 99,
  d_model: 32,
  d_kv: 12,
  d_ff: 37,
  num_layers: 2,
  num_decoder_layers: 3,
  num_heads: 4,
  relative_attention_num_buckets: 8,
  relative_attention_max_distance: 16,
};

/** The encoder's options; the decoder's differ in the number of layers. */
export function t5Stack(c: T5Config): T5StackOptions {
  const kind = /^(gated-)?([^-]+)$/.exec(c.feed_forward_proj);
  if (!kind)
    throw new UsageError(`feed_forward_proj: '${c.feed_forward_proj}' is neither an activation nor 'gated-' and one`);
  return {
    layers: c.num_layers,
    heads: c.num_heads,
    headWidth: c.d_kv,
    hidden: c.d_ff,
    // the original gated checkpoints mean the tanh form by 'gelu'
    activation: c.dense_act_fn ?? (c.feed_forward_proj === 'gated-gelu' ? 'gelu_new' : kind[2]),
    gated: c.is_gated_act ?? kind[1] !== undefined,
    epsilon: c.layer_norm_epsilon,
    buckets: c.relative_attention_num_buckets,
    maxDistance: c.relative_attention_max_distance,
  };
}

export interface T5Style {
  encoder?: Partial<T5StackOptions>;
  decoder?: Partial<T5StackOptions>;
}

/**
 * The whole model: `shared`, `encoder`, `decoder` and `lm_head`. A tied head is scaled by d_model ** -0.5.
 * @returns logits [batch, decoder_seq, vocab_size] and encoder_last_hidden_state [batch, seq, d_model]
 */
export function t5Model(
  g: Graph,
  inputs: Record<string, Tensor>,
  c: T5Config,
  style: T5Style = {},
): Record<string, Tensor> {
  const words = embedding(g.at('shared'), c.vocab_size, c.d_model);
  const source = { ...t5Stack(c), ...style.encoder };
  const target = { ...t5Stack(c), layers: c.num_decoder_layers ?? c.num_layers, ...style.decoder };
  return encoderDecoder(g, inputs, {
    encode: () => {
      const { input_ids: ids, attention_mask: mask } = inputs;
      return t5Encoder(g.at('encoder'), words.lookup(ids), steps(ids, undefined), paddingMask(mask), source);
    },
    remember: (states) => t5Remember(g.at('decoder'), states, target),
    decode: (memory) => t5Decode(g, inputs, c, target, memory),
  });
}

/** The decoder and its head: logits [batch, decoder_seq, vocab_size]. */
export function t5Decode(
  g: Graph,
  inputs: Record<string, Tensor>,
  c: T5Config,
  target: T5StackOptions,
  memory: Memory,
): { logits: Tensor } {
  const { decoder_input_ids: ids, decoder_attention_mask: mask } = inputs;
  const words = embedding(g.at('shared'), c.vocab_size, c.d_model);
  const at = decoderSteps(ids, mask, target.heads, target.headWidth);
  const h = t5Decoder(g.at('decoder'), words.lookup(ids), at, causalMask(g, at, mask), memory, target);
  return {
    logits: c.tie_word_embeddings
      ? words.project(mul(h, c.d_model ** -0.5))
      : linear(g.at('lm_head'), h, c.vocab_size, { bias: false }),
  };
}

/** The 'encode' form of `t5Decoder`. */
export function t5Remember(scope: Scope, states: Tensor, o: T5StackOptions): void {
  scope.layers('block', o.layers).forEach((block, layer) => {
    rememberLayer(block.at('layer.1.EncDecAttention'), states, { ...t5Heads(o), layer }, o.headWidth);
  });
}
