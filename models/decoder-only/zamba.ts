// Zamba: a stack of Mamba layers, some of which get the result of one attention-and-MLP layer whose weights they all share; it reads
// the layer's input next to the words themselves. The Mamba mixer has heads.
// Glorioso et al. 2024, arXiv:2405.16712.

import { add, concat, slice } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { stepRank } from '../blocks/mamba.js';
import { headedMamba } from '../blocks/mamba-heads.js';
import { causalMask } from '../blocks/mask.js';
import { rmsNorm } from '../blocks/norm.js';
import { wideLayer } from '../blocks/wide-layer.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
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
type Config = ConfigOf<typeof config>;

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
    const kinds = layerKinds(c);
    const shared = g.at(`model.layers.${kinds.indexOf('hybrid')}.shared_transf`);
    const mask = causalMask(g, at, attention_mask);
    const kept = attention_mask ? slice(attention_mask, 1, at.past) : null;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const embedded = words.lookup(input_ids);
    const options = {
      inner: c.mamba_expand * c.hidden_size,
      heads: c.n_mamba_heads,
      states: c.mamba_d_state,
      rank: stepRank(c.mamba_dt_rank, c.hidden_size),
      kernel: c.mamba_d_conv,
      activation: c.hidden_mamba_act,
      bias: c.mamba_proj_bias,
      convBias: c.mamba_conv_bias,
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

function layerKinds(c: Config): string[] {
  const kinds = c.layers_block_type ?? [
    'mamba',
    'mamba',
    'hybrid',
    ...Array.from({ length: Math.max(0, c.num_hidden_layers - 3) }, (_, i) =>
      i % c.attn_layer_period === c.attn_layer_offset ? 'hybrid' : 'mamba',
    ),
  ];
  const strange = kinds.find((kind) => kind !== 'mamba' && kind !== 'hybrid');
  if (strange !== undefined)
    throw new UsageError(`layers_block_type: '${strange}' is not supported; known: mamba, hybrid`);
  if (kinds.length !== c.num_hidden_layers)
    throw new UsageError(`layers_block_type: ${kinds.length} entries for num_hidden_layers ${c.num_hidden_layers}`);
  return kinds;
}
