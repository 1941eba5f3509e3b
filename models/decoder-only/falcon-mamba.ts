// Falcon Mamba: Mamba with norms (without weights) of the time step and of what goes into the states and is read from them.
// Zuo et al. 2024, arXiv:2410.05355.

import type { Tensor } from '../../src/graph/index.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { MAMBA_KEYS, mambaMixer, mixerLayers, stepRank } from '../blocks/mamba.js';
import { rmsNorm } from '../blocks/norm.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel, mask, optional, tokens } from '../define.js';

const config = defineConfig(
  {
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
    mixer_rms_eps: 1e-6,
    residual_in_fp32: true,
    tie_word_embeddings: true,
  },
  [...MAMBA_KEYS, 'use_falcon_mambapy', 'use_mambapy'],
);

export default defineModel({
  family: 'falcon_mamba',
  architectures: ['FalconMambaForCausalLM'],
  modelTypes: ['falcon_mamba'],
  task: 'text-generation',
  config,
  variants: {
    falcon_mamba: {
      checkpoint: 'tiiuae/falcon-mamba-7b',
      parameters: 7_272_665_088,
      config: { vocab_size: 65_024, hidden_size: 4096, num_hidden_layers: 64, tie_word_embeddings: false },
    },
  },
  tiny: { vocab_size: 99, hidden_size: 32, state_size: 8, num_hidden_layers: 2, time_step_rank: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: optional(mask('batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask }, c) {
    const words = embedding(g.at('backbone.embeddings'), c.vocab_size, c.hidden_size);
    const norm = (x: Tensor): Tensor => rmsNorm(g.at(''), x, c.mixer_rms_eps, { scaled: false });
    const mixer = {
      inner: c.intermediate_size ?? Math.trunc(c.expand * c.hidden_size),
      states: c.state_size,
      rank: stepRank(c.time_step_rank, c.hidden_size),
      kernel: c.conv_kernel,
      activation: c.hidden_act,
      bias: c.use_bias,
      convBias: c.use_conv_bias,
      mask: attention_mask ?? null,
      normalize: { step: norm, into: norm, from: norm },
    };
    const h = mixerLayers(g.at('backbone'), words.lookup(input_ids), {
      count: c.num_hidden_layers,
      epsilon: c.layer_norm_epsilon,
      residualFloat32: c.residual_in_fp32,
      mixer: (scope, x, layer) => mambaMixer(scope, x, { ...mixer, layer }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
