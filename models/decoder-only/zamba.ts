// Zamba: a stack of Mamba layers, some of which get the result of one attention-and-MLP layer whose weights they all share; it reads
// the layer's input next to the words themselves. The Mamba mixer has heads.
// Glorioso et al. 2024, arXiv:2405.16712.

import { add, concat, slice } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { hybridKinds } from '../blocks/hybrid-kinds.js';
import { embedding, linear } from '../blocks/linear.js';
import { mambaSizes } from '../blocks/mamba.js';
import { headedMamba } from '../blocks/mamba-heads.js';
import { causalMask } from '../blocks/mask.js';
import { rmsNorm } from '../blocks/norm.js';
import { wideLayer } from '../blocks/wide-layer.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32_000,
    hidden_size: 3712,
    attention_hidden_size: nullable<number>('number'),
    intermediate_size: 14_848,
    num_hidden_layers: 76,
    num_attention_heads: 16,
    attention_head_dim: nullable<number>('number'),
    num_key_value_heads: 16,
    n_mamba_heads: 2,
    hidden_act: 'gelu',
    hidden_mamba_act: 'silu',
    rms_norm_eps: 1e-5,
    /** The third layer and, of those behind it, the ones that leave the offset when divided by the period use the shared layer. */
    attn_layer_period: 6,
    attn_layer_offset: 4,
    /** The same spelt out: 'mamba' or 'hybrid'; where given, it holds. */
    layers_block_type: nullable<string[]>('array'),
    mamba_d_state: 16,
    mamba_d_conv: 4,
    mamba_expand: 2,
    mamba_dt_rank: nullable<number | 'auto'>(null, 'auto'),
    mamba_conv_bias: true,
    mamba_proj_bias: false,
    tie_word_embeddings: true,
  },
  [
    'max_position_embeddings',
    'num_logits_to_keep',
    'time_step_floor',
    'time_step_max',
    'time_step_min',
    'use_mamba_kernels',
  ],
);

export default defineModel({
  family: 'zamba',
  architectures: ['ZambaForCausalLM'],
  modelTypes: ['zamba'],
  task: 'text-generation',
  config,
  variants: { zamba: { checkpoint: 'Zyphra/Zamba-7B-v1', parameters: 7_232_490_496, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 37,
    num_hidden_layers: 5,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    attn_layer_period: 3,
    attn_layer_offset: 1,
    mamba_d_state: 8,
    mamba_dt_rank: 3,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs(c, form) {
    const { input_ids, attention_mask } = decoderInputs(c.vocab_size, form);
    return { input_ids, attention_mask };
  },
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const kinds = hybridKinds(c);
    const shared = g.at(`model.layers.${kinds.indexOf('hybrid')}.shared_transf`);
    const mask = causalMask(g, at, attention_mask);
    const kept = attention_mask ? slice(attention_mask, 1, at.past) : null;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const embedded = words.lookup(input_ids);
    const options = {
      ...mambaSizes(c),
      heads: c.n_mamba_heads,
      activation: c.hidden_mamba_act,
      mask: kept,
    };
    let h = embedded; // [batch, seq, hidden_size]
    g.layers('model.layers', c.num_hidden_layers).forEach((layer, index) => {
      let own = layer;
      let input = h;
      if (kinds[index] === 'hybrid') {
        own = layer.at('mamba_decoder');
        const seen = wideLayer(shared, concat([h, embedded], -1), c, { mask, layer: index });
        input = add(h, linear(layer.at('linear'), seen, c.hidden_size, { bias: false }));
      }
      const normal = rmsNorm(own.at('input_layernorm'), input, c.rms_norm_eps);
      h = add(h, headedMamba(own.at('mamba'), normal, { ...options, layer: index }));
    });
    h = rmsNorm(g.at('model.final_layernorm'), h, c.rms_norm_eps);
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
