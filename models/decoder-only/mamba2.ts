// Mamba-2: the decay of a head's states is one number, so chunks of tokens become matrix products; one layer projects all at once.
// Dao and Gu 2024, arXiv:2405.21060.

import { UsageError } from '../../src/util/error.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { MAMBA_KEYS, mixerLayers } from '../blocks/mamba.js';
import { mamba2Mixer, paddingOf } from '../blocks/mamba2.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel, mask, optional, tokens } from '../define.js';

const config = defineConfig(
  {
    num_heads: 128,
    head_dim: 64,
    vocab_size: 32768,
    hidden_size: 4096,
    state_size: 128,
    num_hidden_layers: 64,
    layer_norm_epsilon: 1e-5,
    expand: 2,
    conv_kernel: 4,
    n_groups: 8,
    use_bias: false,
    use_conv_bias: true,
    hidden_act: 'silu',
    /** Least and greatest time step. JSON has no word for infinity: null and 'inf' leave a side open. */
    time_step_limit: nullable<(number | string | null)[]>('array'),
    residual_in_fp32: true,
    chunk_size: 256,
    tie_word_embeddings: false,
  },
  [...MAMBA_KEYS, 'intermediate_size', 'time_step_rank', 'norm_before_gate', 'pad_vocab_size_multiple'],
);

export default defineModel({
  family: 'mamba2',
  architectures: ['Mamba2ForCausalLM'],
  modelTypes: ['mamba2'],
  task: 'text-generation',
  config,
  variants: { mamba2: { checkpoint: 'mistralai/Mamba-Codestral-7B-v0.1', parameters: 7_285_403_648, config: {} } },
  tiny: {
    num_heads: 8,
    head_dim: 8,
    vocab_size: 99,
    hidden_size: 32,
    state_size: 8,
    num_hidden_layers: 2,
    n_groups: 2,
    chunk_size: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: optional(mask('batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask }, c) {
    if (c.hidden_size * c.expand !== c.num_heads * c.head_dim)
      throw new UsageError(
        `mamba2: hidden_size * expand (${c.hidden_size * c.expand}) must be num_heads * head_dim (${c.num_heads * c.head_dim})`,
      );
    const words = embedding(g.at('backbone.embeddings'), c.vocab_size, c.hidden_size);
    const kept = attention_mask ? paddingOf(attention_mask) : null;
    const h = mixerLayers(g.at('backbone'), words.lookup(input_ids), {
      count: c.num_hidden_layers,
      epsilon: c.layer_norm_epsilon,
      residualFloat32: c.residual_in_fp32,
      mixer: (scope, x, layer) => mamba2Mixer(scope, x, kept, layer, c),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
