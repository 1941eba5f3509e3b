// Mamba: no attention; layers whose small states decay and take in what the input itself chooses, at a cost linear in the length.
// Gu and Dao 2023, arXiv:2312.00752.

import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { MAMBA_KEYS, mambaMixer, mixerLayers, stepRank } from '../blocks/mamba.js';
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
    residual_in_fp32: true,
    tie_word_embeddings: true,
  },
  [...MAMBA_KEYS, 'use_mambapy'],
);

export default defineModel({
  family: 'mamba',
  architectures: ['MambaForCausalLM'],
  modelTypes: ['mamba'],
  task: 'text-generation',
  config,
  variants: {
    mamba: {
      checkpoint: 'state-spaces/mamba-130m-hf',
      parameters: 129_135_360,
      config: { num_hidden_layers: 24 },
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
    const mixer = {
      inner: c.intermediate_size ?? Math.trunc(c.expand * c.hidden_size),
      states: c.state_size,
      rank: stepRank(c.time_step_rank, c.hidden_size),
      kernel: c.conv_kernel,
      activation: c.hidden_act,
      bias: c.use_bias,
      convBias: c.use_conv_bias,
      mask: attention_mask ?? null,
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
