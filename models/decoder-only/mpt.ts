// MPT: a pre-norm decoder without positions and without any bias: ALiBi scores (slopes in MosaicML's order), exact GELU.
// MosaicML 2023, "Introducing MPT-7B".

import { add, clip, range, type Tensor, unsqueeze } from '../../src/graph/index.js';
import { alibi, mptSlopes } from '../blocks/alibi.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { fusedAttention } from '../blocks/gpt.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig, nested, nullable } from '../config.js';
import { defineModel } from '../define.js';

// transformers reads no more than this: ALiBi up to 8, four-fold hidden layers and layers without bias are fixed, whatever the
// other keys say.
const config = defineConfig(
  {
    vocab_size: 50368,
    d_model: 2048,
    n_heads: 16,
    n_layers: 24,
    layer_norm_epsilon: 1e-5,
    attn_config: nested(
      defineConfig({ clip_qkv: nullable<number>('number'), softmax_scale: nullable<number>('number') }, [
        'alibi',
        'alibi_bias_max',
        'attn_impl',
        'attn_pdrop',
        'attn_type',
        'attn_uses_sequence_id',
        'prefix_lm',
        'qk_ln',
        'tie_word_embeddings',
      ]),
    ),
    tie_word_embeddings: true,
  },
  [
    'emb_pdrop',
    'embedding_fraction',
    'expansion_ratio',
    'init_config',
    'init_device',
    'learned_pos_emb',
    'logit_scale',
    'max_seq_len',
    'no_bias',
    'norm_type',
    'resid_pdrop',
    'tokenizer_name',
    'verbose',
  ],
  { hidden_size: 'd_model', num_attention_heads: 'n_heads', num_hidden_layers: 'n_layers' },
);

export default defineModel({
  family: 'mpt',
  architectures: ['MptForCausalLM'],
  modelTypes: ['mpt'],
  task: 'text-generation',
  config,
  variants: {
    mpt: {
      checkpoint: 'mosaicml/mpt-7b',
      parameters: 6_649_286_656,
      config: { vocab_size: 50_432, d_model: 4096, n_heads: 32, n_layers: 32 },
    },
  },
  tiny: { vocab_size: 99, d_model: 32, n_heads: 4, n_layers: 2 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs(c, form) {
    const { input_ids, attention_mask } = decoderInputs(c.vocab_size, form);
    return { input_ids, attention_mask };
  },
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const { clip_qkv: limit, softmax_scale: scale } = c.attn_config;
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.d_model);
    const keys = unsqueeze(range(g, at.total), 0);
    const mask = add(alibi(keys, mptSlopes(c.n_heads)), causalMask(g, at, attention_mask));
    const h = preNormLayers(g.at('transformer'), words.lookup(input_ids), c.n_layers, {
      names: ['blocks', 'norm_1', 'norm_2', 'norm_f'],
      norm: (scope, x) => layerNorm(scope, x, c.layer_norm_epsilon, { bias: false }),
      attention: (layer, x, index) =>
        fusedAttention(layer.at('attn'), x, {
          names: ['Wqkv', 'out_proj'],
          bias: false,
          heads: c.n_heads,
          adjust: limit ? (fused: Tensor) => clip(fused, -limit, limit) : undefined,
          scale: scale ?? undefined,
          layer: index,
          mask,
        }),
      mlp: (layer, x) =>
        mlp(layer.at('ffn'), x, {
          names: ['up_proj', 'down_proj'],
          bias: false,
          hidden: 4 * c.d_model,
          activation: 'gelu',
        }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
