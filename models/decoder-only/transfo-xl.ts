// Transformer-XL: attention over a memory of earlier states beside the text itself, scores from distances, and an adaptive softmax.
// Dai et al. 2019, arXiv:1901.02860.

import { add, dimAdd, type Tensor } from '../../src/graph/index.js';
import { adaptiveEmbedding, adaptiveLogProbabilities } from '../blocks/adaptive-words.js';
import { additive } from '../blocks/mask.js';
import { fallingDistances, memoryAttention, reach } from '../blocks/memory-attention.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, nullable, oneOf } from '../config.js';
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
  `adaptive dropatt ext_len init init_range proj_init_std sample_softmax tgt_len tie_weight trainer_compatible`.split(
    ' ',
  ),
  { n_token: 'vocab_size', hidden_size: 'd_model', num_attention_heads: 'n_head', num_hidden_layers: 'n_layer' },
);

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
    const places = fallingDistances(g, dimAdd(seq, c.mem_len), c);
    const mask = additive(reach(g, seq, c));
    let h = adaptiveEmbedding(input_ids, words); // [batch, seq, d_model]
    g.layers('transformer.layers', c.n_layer).forEach((layer, index) => {
      h = memoryAttention(layer.at('dec_attn'), h, places, mask, index, c);
      const part = layer.at('pos_ff');
      const norm = (x: Tensor): Tensor => layerNorm(part.at('layer_norm'), x, c.layer_norm_epsilon);
      const forward = { names: ['CoreNet.0', 'CoreNet.3'] as const, hidden: c.d_inner, activation: 'relu' };
      h = c.pre_lnorm ? add(h, mlp(part, norm(h), forward)) : norm(add(h, mlp(part, h, forward)));
    });
    return { prediction_scores: adaptiveLogProbabilities(h, words) }; // [batch, seq, vocab_size], logarithms
  },
});
