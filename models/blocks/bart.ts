// The encoder-decoder stacks of BART and its many kin (Lewis et al. 2019, arXiv:1910.13461): layers with the state-dict names of
// fairseq, pre- or post-norm, and the whole model around them. Families choose by options and hooks.

import { add, type Graph, mul, type Scope, type Tensor } from '../../src/graph/index.js';
import { type AttentionOptions, attention } from './attention.js';
import { decoderSteps, type Steps, steps } from './cache.js';
import { type Embedding, embedding, linear } from './linear.js';
import { causalMask, paddingMask } from './mask.js';
import { crossAttention, encoderDecoder, type Memory, rememberLayer } from './memory.js';
import { mlp } from './mlp.js';
import { layerNorm } from './norm.js';
import type { Positions } from './position.js';

/** Replaces self-attention: its scope, its input [batch, seq, width], the number of the layer, the additive mask. */
export type MixHook = (scope: Scope, x: Tensor, layer: number, mask: Tensor | null) => Tensor;
/** Replaces the feed-forward part: the scope and the number of the layer, its input [batch, seq, width]. */
export type FeedHook = (scope: Scope, x: Tensor, layer: number) => Tensor;

/** Where the parts of a layer stand in the state dict. */
export interface StackNames {
  /** The four layers of attentions. */
  projections: readonly [query: string, key: string, value: string, output: string];
  cross: string;
  feedNorm: string;
}

const NAMES: StackNames = {
  projections: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
  cross: 'encoder_attn',
  feedNorm: 'final_layer_norm',
};
const namesOf = (o: StackOptions): StackNames => ({ ...NAMES, ...o.names });

export interface StackOptions {
  layers: number;
  heads: number;
  hidden: number;
  activation: string;
  /** Where the norms stand: before each part, or after its residual sum. */
  norm: 'pre' | 'post';
  /** Which layers of attention have biases (default all). */
  bias?: AttentionOptions['bias'];
  epsilon?: number;
  names?: Partial<StackNames>;
  /** Instead of full self-attention; the scope is the layer's self_attn. */
  mix?: MixHook;
  /** Instead of the two linear layers fc1 and fc2; the scope is the layer's. */
  feed?: FeedHook;
}

/** One residual part: h + f(norm(h)), or norm(h + f(h)). */
function part(options: StackOptions, norm: Scope, h: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const normal = (x: Tensor): Tensor => layerNorm(norm, x, options.epsilon ?? 1e-5);
  return options.norm === 'pre' ? add(h, f(normal(h))) : normal(add(h, f(h)));
}

function feed(layer: Scope, h: Tensor, index: number, o: StackOptions): Tensor {
  const body: FeedHook = o.feed ?? ((scope, x) => mlp(scope, x, { hidden: o.hidden, activation: o.activation }));
  return part(o, layer.at(namesOf(o).feedNorm), h, (x) => body(layer, x, index));
}

/** Encoder layers `<scope>.layers.N`. @param mask additive, over keys */
export function encoderLayers(scope: Scope, h: Tensor, mask: Tensor | null, o: StackOptions): Tensor {
  const mix: MixHook =
    o.mix ?? ((self, x) => attention(self, x, { heads: o.heads, names: namesOf(o).projections, bias: o.bias, mask }));
  scope.layers('layers', o.layers).forEach((layer, index) => {
    h = part(o, layer.at('self_attn_layer_norm'), h, (x) => mix(layer.at('self_attn'), x, index, mask));
    h = feed(layer, h, index, o);
  });
  return h;
}

const crossOptions = (o: StackOptions, layer: number) => ({
  heads: o.heads,
  names: namesOf(o).projections,
  bias: o.bias,
  layer,
});

export interface DecoderOptions extends StackOptions {
  /** Instead of plain cross-attention. */
  cross?: (scope: Scope, x: Tensor, layer: number, memory: Memory) => Tensor;
}

/** Decoder layers `<scope>.layers.N`. @param mask additive [batch or 1, 1, seq, past + seq] @param memory null: no cross-attention */
export function decoderLayers(scope: Scope, h: Tensor, mask: Tensor, memory: Memory | null, o: DecoderOptions): Tensor {
  const cross = namesOf(o).cross;
  const mix: MixHook =
    o.mix ??
    ((self, x, layer) =>
      attention(self, x, { heads: o.heads, names: namesOf(o).projections, bias: o.bias, mask, layer }));
  scope.layers('layers', o.layers).forEach((layer, index) => {
    h = part(o, layer.at('self_attn_layer_norm'), h, (x) => mix(layer.at('self_attn'), x, index, mask));
    if (memory) {
      h = part(o, layer.at(`${cross}_layer_norm`), h, (x) =>
        o.cross
          ? o.cross(layer.at(cross), x, index, memory)
          : crossAttention(layer.at(cross), x, memory, crossOptions(o, index)),
      );
    }
    h = feed(layer, h, index, o);
  });
  return h;
}

/** The 'encode' form of `decoderLayers`. @param width of the decoder */
export function rememberLayers(scope: Scope, states: Tensor, width: number, o: StackOptions): void {
  scope.layers('layers', o.layers).forEach((layer, index) => {
    rememberLayer(layer.at(namesOf(o).cross), states, crossOptions(o, index), width / o.heads);
  });
}

/** Keys that the configurations of the whole group have, with BART's defaults. */
export const BART_KEYS = {
  vocab_size: 50265,
  max_position_embeddings: 1024,
  d_model: 1024,
  encoder_layers: 12,
  encoder_attention_heads: 16,
  encoder_ffn_dim: 4096,
  decoder_layers: 12,
  decoder_attention_heads: 16,
  decoder_ffn_dim: 4096,
  activation_function: 'gelu',
  scale_embedding: false,
  tie_word_embeddings: true,
};
export type BartConfig = typeof BART_KEYS;

/** Keys that transformers does not read: counts that stand elsewhere, fairseq's switches that each class has built in. */
export const BART_IGNORED =
  `num_hidden_layers encoder_layerdrop decoder_layerdrop classif_dropout gradient_checkpointing save_step _num_labels
  add_bias_logits add_final_layer_norm normalize_before normalize_embedding static_position_embeddings extra_pos_embeddings
  force_bos_token_to_be_generated do_blenderbot_90_layernorm student_decoder_layers student_encoder_layers max_source_positions
  max_target_positions encoder_no_repeat_ngram_size unk_token_id layernorm_variant variant extra_layer_norm`.split(
    /\s+/,
  );

export const BART_TINY = {
  vocab_size: 99,
  d_model: 32,
  encoder_layers: 2,
  decoder_layers: 2,
  encoder_attention_heads: 4,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 37,
  decoder_ffn_dim: 41,
  max_position_embeddings: 64,
};

export interface BartStyle {
  norm: 'pre' | 'post';
  positions: Positions;
  /** The decoder's, where they differ. */
  targetPositions?: Positions;
  /** layernorm_embedding: over words and positions, or (decoder only) over the unscaled words before positions are added. */
  embedNorm?: 'none' | 'sum' | 'words';
  /** Whether both stacks read one table, model.shared (default true), or embed_tokens of their own. */
  sharedWords?: boolean;
  /** Scope of both stacks (default 'model'). */
  base?: string;
  /** Name of the norm behind each stack (default layer_norm with pre-norm, none with post-norm). */
  finalNorm?: string;
  /** The decoder's mask, where it is not causalMask. */
  targetMask?: typeof causalMask;
  /** final_logits_bias (default true). */
  logitsBias?: boolean;
  encoder?: Partial<StackOptions>;
  decoder?: Partial<DecoderOptions>;
  /** The whole encoder after the embeddings, where layers with hooks are not enough. */
  encode?: (scope: Scope, h: Tensor, o: StackOptions) => Tensor;
}

/** The two stacks of a configuration. */
export function bartStacks(
  c: Omit<BartConfig, 'vocab_size'>,
  style: Pick<BartStyle, 'norm' | 'encoder' | 'decoder'>,
): { source: StackOptions; target: DecoderOptions } {
  const both = { activation: c.activation_function, norm: style.norm };
  return {
    source: {
      ...both,
      layers: c.encoder_layers,
      heads: c.encoder_attention_heads,
      hidden: c.encoder_ffn_dim,
      ...style.encoder,
    },
    target: {
      ...both,
      layers: c.decoder_layers,
      heads: c.decoder_attention_heads,
      hidden: c.decoder_ffn_dim,
      ...style.decoder,
    },
  };
}

/** Words times their scale, plus positions, normalised where the style says so: [batch, seq, d_model]. */
export function embedTokens(
  scope: Scope,
  words: Embedding,
  ids: Tensor,
  at: Steps,
  style: Pick<BartStyle, 'embedNorm' | 'positions'> & { scale: number },
): Tensor {
  const norm = (x: Tensor): Tensor => layerNorm(scope.at('layernorm_embedding'), x, 1e-5);
  let h = words.lookup(ids);
  if (style.embedNorm === 'words') h = norm(h);
  else if (style.scale !== 1) h = mul(h, style.scale);
  h = add(h, style.positions(scope.at('embed_positions'), ids, at));
  return style.embedNorm === 'sum' ? norm(h) : h;
}

/**
 * The whole model: `<base>.shared`, `<base>.encoder`, `<base>.decoder`, `lm_head` and `final_logits_bias`.
 * @returns logits [batch, decoder_seq, vocab_size] and encoder_last_hidden_state [batch, seq, d_model]
 */
export function bartModel(
  g: Graph,
  inputs: Record<string, Tensor>,
  c: BartConfig,
  style: BartStyle,
  root = '',
): Record<string, Tensor> {
  const base = style.base ?? 'model';
  const at = (path: string): Scope => g.at(root).at(path);
  const [encoder, decoder] = [at(`${base}.encoder`), at(`${base}.decoder`)];
  const shared = style.sharedWords ?? true;
  const words = (own: Scope): Embedding =>
    embedding(shared ? at(`${base}.shared`) : own.at('embed_tokens'), c.vocab_size, c.d_model);
  const { source, target } = bartStacks(c, style);
  const scale = c.scale_embedding ? Math.sqrt(c.d_model) : 1;
  const last = style.finalNorm ?? (style.norm === 'pre' ? 'layer_norm' : null);
  const finish = (scope: Scope, h: Tensor): Tensor => (last ? layerNorm(scope.at(last), h, 1e-5) : h);
  return encoderDecoder(g, inputs, {
    encode: () => {
      const embedNorm = style.embedNorm === 'words' ? 'sum' : style.embedNorm;
      const { input_ids: ids } = inputs;
      const h = embedTokens(encoder, words(encoder), ids, steps(ids, undefined), { ...style, embedNorm, scale });
      const made =
        style.encode?.(encoder, h, source) ?? encoderLayers(encoder, h, paddingMask(inputs.attention_mask), source);
      return finish(encoder, made);
    },
    remember: (states) => rememberLayers(decoder, states, c.d_model, target),
    decode: (memory) => {
      const { decoder_input_ids: ids, decoder_attention_mask: mask } = inputs;
      const here = decoderSteps(ids, mask, target.heads, c.d_model / target.heads);
      const positions = style.targetPositions ?? style.positions;
      const h = embedTokens(decoder, words(decoder), ids, here, { ...style, positions, scale });
      const made = finish(
        decoder,
        decoderLayers(decoder, h, (style.targetMask ?? causalMask)(g, here, mask), memory, target),
      );
      const bias =
        (style.logitsBias ?? true)
          ? at('').parameter('final_logits_bias', [1, c.vocab_size], {
              buffer: true,
              absent: () => new Float32Array(c.vocab_size),
            })
          : null;
      if (c.tie_word_embeddings) return { logits: words(decoder).project(made, bias) };
      const logits = linear(at('lm_head'), made, c.vocab_size, { bias: false });
      return { logits: bias ? add(logits, bias) : logits };
    },
  });
}
