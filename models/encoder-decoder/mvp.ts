// MVP: BART's graph trained on many labelled tasks; with use_prompt every attention also sees learned keys and values that a
// small network makes of prompt embeddings.
// Tang et al. 2022, arXiv:2206.12131.

import {
  concat,
  type Dim,
  expand,
  pad,
  range,
  reshape,
  type Scope,
  slice,
  type Tensor,
  transpose,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, type BartStyle, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs, extendCache } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { type Memory, recall } from '../blocks/memory.js';
import { learnedPositions } from '../blocks/position.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  { ...BART_KEYS, vocab_size: 50267, use_prompt: false, prompt_length: 100, prompt_mid_dim: 800 },
  BART_IGNORED,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'mvp',
  architectures: ['MvpForConditionalGeneration'],
  modelTypes: ['mvp'],
  task: 'text2text-generation',
  config,
  variants: { mvp: { checkpoint: 'RUCAIBox/mvp', parameters: 406_293_504, config: {} } },
  tiny: { ...BART_TINY, decoder_attention_heads: 4, use_prompt: true, prompt_length: 5, prompt_mid_dim: 20 },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'post',
      embedNorm: 'sum',
      positions: learnedPositions(c.max_position_embeddings, c.d_model, 2), // rows 0 and 1 are of no use
      ...(c.use_prompt ? prompted(g.at('model'), c) : {}),
    }),
});

interface KeyValue {
  key: Tensor;
  value: Tensor;
}

/** Attention with prompts, for both stacks. */
function prompted(model: Scope, c: Config): Pick<BartStyle, 'encoder' | 'decoder'> {
  const [outer, inner] = [c.encoder_attention_heads, c.decoder_attention_heads];
  const at = (name: string, layers: number, heads: number) => (layer: number) =>
    prompt(model.at(name), layer, layers, heads, c);
  const encoder = at('encoder.self_attn_prompt', c.encoder_layers, outer);
  const self = at('decoder.self_attn_prompt', c.decoder_layers, inner);
  const cross = at('decoder.cross_attn_prompt', c.decoder_layers, inner);
  return {
    encoder: {
      mix: (scope, x, layer, mask) => mixed(scope, x, outer, encoder(layer), mask, keyValue(scope, x, outer)),
    },
    decoder: {
      mix: (scope, x, layer, mask) => {
        const { key, value } = keyValue(scope, x, inner);
        return mixed(scope, x, inner, self(layer), mask, extendCache(layer, key, value));
      },
      cross: (scope: Scope, x: Tensor, layer: number, memory: Memory) =>
        mixed(
          scope,
          x,
          inner,
          cross(layer),
          memory.mask,
          recall(scope, x, memory, { heads: inner, layer }, c.d_model / inner),
        ),
    },
  };
}

const keyValue = (scope: Scope, x: Tensor, heads: number): KeyValue => ({
  key: splitHeads(linear(scope.at('k_proj'), x, x.dim(-1) as number), heads),
  value: splitHeads(linear(scope.at('v_proj'), x, x.dim(-1) as number), heads),
});

/** Attention over the prompt, which no mask hides, and then over keys and values. */
function mixed(scope: Scope, x: Tensor, heads: number, prompt: KeyValue, mask: Tensor | null, kv: KeyValue): Tensor {
  const width = x.dim(-1) as number;
  const q = splitHeads(linear(scope.at('q_proj'), x, width), heads);
  const join = (own: Tensor, rest: Tensor): Tensor =>
    concat([expand(own, [rest.dim(0) as Dim, ...own.shape.slice(1)]), rest], 2);
  const wider = mask && pad(mask, [0, 0, 0, prompt.key.dim(2)], [0, 0, 0, 0]);
  const made = attend(q, join(prompt.key, kv.key), join(prompt.value, kv.value), { mask: wider });
  return linear(scope.at('out_proj'), mergeHeads(made), width);
}

/** Keys and values [1, heads, prompt_length, width of a head] of one layer. */
function prompt(scope: Scope, layer: number, layers: number, heads: number, c: Config): KeyValue {
  const own = embedding(scope.at('prompt_embedding'), c.prompt_length, c.d_model).lookup(
    range(scope.graph, c.prompt_length),
  );
  const hidden = activation('gelu')(linear(scope.at('prompt_trans.0'), own, c.prompt_mid_dim));
  const made = linear(scope.at('prompt_trans.2'), hidden, layers * 2 * c.d_model);
  const split = transpose(reshape(made, [c.prompt_length, layers * 2, heads, c.d_model / heads]), [1, 2, 0, 3]);
  const one = (index: number): Tensor => slice(split, 0, index, index + 1);
  return { key: one(2 * layer), value: one(2 * layer + 1) };
}
