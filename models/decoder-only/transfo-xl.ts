// Transformer-XL: attention over a memory of earlier states beside the text itself, scores from distances, and an adaptive softmax.
// Dai et al. 2019, arXiv:1901.02860.

import {
  add,
  and,
  cast,
  clip,
  concat,
  cos,
  type Dim,
  dimAdd,
  type Graph,
  greater,
  lessOrEqual,
  mul,
  range,
  type Scope,
  sin,
  slice,
  split,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';
import { adaptiveEmbedding, adaptiveLogProbabilities } from '../blocks/adaptive-words.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { carriedState } from '../blocks/carried-state.js';
import { linear } from '../blocks/linear.js';
import { additive } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { distanceScores, headBias } from '../blocks/xl-attention.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 267_735,
    cutoffs: [20_000, 40_000, 200_000] as readonly number[],
    d_model: 1024,
    d_embed: 1024,
    n_head: 16,
    d_head: 64,
    d_inner: 4096,
    div_val: 4,
    pre_lnorm: false,
    n_layer: 18,
    /** States of earlier tokens that every layer attends to; zeros where there are none. */
    mem_len: 1600,
    clamp_len: 1000,
    /** Whether every token sees equally many others. */
    same_length: true,
    proj_share_all_but_first: true,
    tie_projs: nullable<boolean[]>('array'),
    attn_type: oneOf(0),
    untie_r: true,
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: true,
  },
  ['adaptive', 'dropatt', 'init', 'init_range', 'proj_init_std', 'sample_softmax', 'trainer_compatible'],
  { n_token: 'vocab_size', hidden_size: 'd_model', num_attention_heads: 'n_head', num_hidden_layers: 'n_layer' },
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'transfo_xl',
  architectures: ['TransfoXLLMHeadModel'],
  modelTypes: ['transfo-xl'],
  task: 'text-generation',
  config,
  variants: { transfo_xl: { checkpoint: 'transfo-xl/transfo-xl-wt103', parameters: 285_205_322, config: {} } },
  tiny: {
    vocab_size: 99,
    cutoffs: [20, 50],
    d_model: 32,
    d_embed: 32,
    n_head: 4,
    d_head: 8,
    d_inner: 56,
    div_val: 2,
    n_layer: 2,
    mem_len: 6,
    clamp_len: 4,
  },
  preprocess: { text: 'words' },
  forms: ['cached'],
  inputs: (c) => ({ input_ids: tokens(c.vocab_size, 'batch', 'seq') }),
  graph(g, { input_ids }, c) {
    const words = {
      cutoffs: c.cutoffs,
      vocabulary: c.vocab_size,
      width: c.d_model,
      embedded: c.d_embed,
      divisor: c.div_val,
      input: g.at('transformer.word_emb'),
      output: g.at('crit'),
      tied: c.tie_word_embeddings,
      tiedProjections: c.tie_projs ?? [false, ...c.cutoffs.map(() => c.proj_share_all_but_first)],
    };
    const seq = input_ids.dim(1);
    const places = distances(g, dimAdd(seq, c.mem_len), c);
    const mask = additive(reach(g, seq, c));
    let h = adaptiveEmbedding(input_ids, words); // [batch, seq, d_model]
    g.layers('transformer.layers', c.n_layer).forEach((layer, index) => {
      h = attention(layer.at('dec_attn'), h, places, mask, index, c);
      const part = layer.at('pos_ff');
      const norm = (x: Tensor): Tensor => layerNorm(part.at('layer_norm'), x, c.layer_norm_epsilon);
      const forward = { names: ['CoreNet.0', 'CoreNet.3'] as const, hidden: c.d_inner, activation: 'relu' };
      h = c.pre_lnorm ? add(h, mlp(part, norm(h), forward)) : norm(add(h, mlp(part, h, forward)));
    });
    return { prediction_scores: adaptiveLogProbabilities(h, words) }; // [batch, seq, vocab_size], logarithms
  },
});

/** Sinusoids of the distances `keys` to 0, for the relative keys: [keys + 1, d_model]. */
function distances(g: Graph, keys: Dim, c: Config): Tensor {
  const half = Math.ceil(c.d_model / 2);
  const frequencies = g.at('transformer.pos_emb').parameter('inv_freq', [half], {
    buffer: true,
    absent: () => Float32Array.from({ length: half }, (_, i) => 1 / 10000 ** ((2 * i) / c.d_model)),
  });
  const all = sub(g.size(keys), range(g, dimAdd(keys, 1)));
  const place = unsqueeze(cast(c.clamp_len > 0 ? clip(all, null, c.clamp_len) : all, frequencies.dtype), 1);
  return concat([sin(mul(place, frequencies)), cos(mul(place, frequencies))], 1);
}

/** Which of the memory's and the text's places [seq, mem_len + seq] a token sees: none later, and with same_length none too early. */
function reach(g: Graph, seq: Dim, c: Config): Tensor {
  const query = unsqueeze(range(g, seq), 1);
  const key = unsqueeze(range(g, dimAdd(seq, c.mem_len)), 0);
  const before = lessOrEqual(key, add(query, c.mem_len));
  return c.same_length ? and(before, greater(key, query)) : before;
}

function attention(scope: Scope, x: Tensor, places: Tensor, mask: Tensor, layer: number, c: Config): Tensor {
  const [batch, seq] = x.shape;
  const width = c.n_head * c.d_head;
  const norm = (input: Tensor): Tensor => layerNorm(scope.at('layer_norm'), input, c.layer_norm_epsilon);
  let all = x;
  if (c.mem_len > 0) {
    const memory = carriedState(scope.graph, 'memory', layer, [batch, c.mem_len, c.d_model]);
    all = concat([memory.start(), x], 1);
    if (memory.past) memory.carry(slice(all, 1, seq));
  }
  const projected = linear(scope.at('qkv_net'), c.pre_lnorm ? norm(all) : all, 3 * width, { bias: false });
  const [q, k, v] = split(projected, [width, width, width], -1).map((part, index) =>
    splitHeads(index === 0 ? slice(part, 1, c.mem_len) : part, c.n_head),
  );
  const relative = splitHeads(unsqueeze(linear(scope.at('r_net'), places, width, { bias: false }), 0), c.n_head);
  const shared = c.untie_r ? scope : scope.graph.at('transformer');
  const bias = (name: string): Tensor => headBias(shared, name, c.n_head, c.d_head);
  const scale = c.d_head ** -0.5;
  const far = mul(distanceScores(add(q, bias('r_r_bias')), relative, k.dim(2)), scale);
  const mixed = attend(add(q, bias('r_w_bias')), k, v, { scale, mask: add(far, mask) });
  const out = add(x, linear(scope.at('o_net'), mergeHeads(mixed), c.d_model, { bias: false }));
  return c.pre_lnorm ? out : norm(out);
}
