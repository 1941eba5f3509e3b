// Language models of Mamba layers: what Mamba and Falcon Mamba have in common.

import type { Graph, Tensor } from '../../src/graph/index.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { type Inputs, mask, optional, tokens } from '../define.js';
import { head } from './decoder.js';
import { embedding } from './linear.js';
import { type MambaOptions, mambaMixer, mixerLayers, stepRank } from './mamba.js';

/** Keys of MambaConfig with their defaults. */
export const mambaFields = {
  vocab_size: 50280,
  hidden_size: 768,
  state_size: 16,
  num_hidden_layers: 32,
  layer_norm_epsilon: 1e-5,
  conv_kernel: 4,
  expand: 2,
  intermediate_size: nullable<number>('number'),
  use_bias: false,
  use_conv_bias: true,
  hidden_act: 'silu',
  time_step_rank: nullable<number | 'auto'>(null, 'auto'),
  residual_in_fp32: true,
  tie_word_embeddings: true,
};

const mambaConfig = defineConfig(mambaFields);

/** input_ids: [batch, seq]; attention_mask for those who ask. */
export const mambaInputs = (c: { vocab_size: number }): Inputs => ({
  input_ids: tokens(c.vocab_size, 'batch', 'seq'),
  attention_mask: optional(mask('batch', 'seq')),
});

/** Ids to logits [batch, seq, vocab_size]. @param normalize as the mixer's */
export function mambaWords(
  g: Graph,
  { input_ids, attention_mask }: Record<string, Tensor>,
  c: ConfigOf<typeof mambaConfig>,
  normalize?: MambaOptions['normalize'],
): { logits: Tensor } {
  const words = embedding(g.at('backbone.embeddings'), c.vocab_size, c.hidden_size);
  const mixer = {
    inner: c.intermediate_size ?? Math.trunc(c.expand * c.hidden_size),
    states: c.state_size,
    rank: stepRank(c.time_step_rank, c.hidden_size),
    kernel: c.conv_kernel,
    activation: c.hidden_act,
    bias: c.use_bias,
    convBias: c.use_conv_bias,
    mask: attention_mask ?? null,
    normalize,
  };
  const h = mixerLayers(g.at('backbone'), words.lookup(input_ids), {
    count: c.num_hidden_layers,
    epsilon: c.layer_norm_epsilon,
    residualFloat32: c.residual_in_fp32,
    mixer: (scope, x, layer) => mambaMixer(scope, x, { ...mixer, layer }),
  });
  return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
}
