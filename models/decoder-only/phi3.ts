// Phi-3 and Phi-4: Llama's layers with fused projections; long contexts by factors per rotary pair (LongRoPE, arXiv:2402.13753).
// Abdin et al. 2024, arXiv:2404.14219 and arXiv:2412.08905.

import type { Tensor } from '../../src/graph/index.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { fusedGatedMlp } from '../blocks/mlp.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32064,
    hidden_size: 3072,
    intermediate_size: 8192,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable<number>('number'),
    head_dim: nullable<number>('number'),
    hidden_act: 'silu',
    max_position_embeddings: 4096,
    original_max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    partial_rotary_factor: 1,
    sliding_window: nullable<number>('number'),
    tie_word_embeddings: false,
  },
  ['full_attn_mod', 'interpolate_factor'], // of Phi-4-mini's file; transformers reads neither
);

export default defineModel({
  family: 'phi3',
  architectures: ['Phi3ForCausalLM'],
  modelTypes: ['phi3'],
  task: 'text-generation',
  config,
  variants: {
    phi3: {
      checkpoint: 'microsoft/Phi-3-mini-4k-instruct',
      parameters: 3_821_079_552,
      config: { sliding_window: 2047 },
    },
    phi4: {
      checkpoint: 'microsoft/phi-4',
      parameters: 14_659_507_200,
      preprocess: { text: 'byte-level BPE' },
      config: {
        vocab_size: 100_352,
        hidden_size: 5120,
        intermediate_size: 17_920,
        num_hidden_layers: 40,
        num_attention_heads: 40,
        num_key_value_heads: 10,
        max_position_embeddings: 16_384,
        original_max_position_embeddings: 16_384,
        rope_theta: 250_000,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    max_position_embeddings: 64,
    original_max_position_embeddings: 32,
    rope_scaling: {
      type: 'longrope',
      short_factor: [1, 1.1, 1.2, 1.4, 1.6, 2],
      long_factor: [1, 1.5, 2, 4, 6, 8],
    },
    partial_rotary_factor: 0.75,
    sliding_window: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const heads = c.num_attention_heads;
    const kvHeads = c.num_key_value_heads ?? heads;
    const headDim = headWidth(c);
    const mask = causalMask(g, at, attention_mask, c.sliding_window);
    const rotate = halfSplit(g, at.positions, ropeOptions(named(c), Math.trunc(headDim * c.partial_rotary_factor)));
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('model'), words.lookup(input_ids), c.num_hidden_layers, {
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      attention(layer, x: Tensor, index) {
        const own = layer.at('self_attn');
        const fused = linear(own.at('qkv_proj'), x, (heads + 2 * kvHeads) * headDim, { bias: false });
        const [q, k, v] = splitGroups(fused, 1, [heads, kvHeads, kvHeads]);
        const mixed = attendHeads(q, k, v, { mask, rotate, layer: index, window: c.sliding_window });
        return linear(own.at('o_proj'), mixed, c.hidden_size, { bias: false });
      },
      mlp: (layer, x) => fusedGatedMlp(layer.at('mlp'), x, { hidden: c.intermediate_size, activation: c.hidden_act }),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});

/** Early checkpoints call LongRoPE 'su' or 'yarn'. */
function named<C extends { rope_scaling: RopeScaling | null }>(c: C): C {
  const old = c.rope_scaling?.type === 'su' || c.rope_scaling?.type === 'yarn';
  return old ? { ...c, rope_scaling: { ...c.rope_scaling, type: 'longrope', rope_type: 'longrope' } } : c;
}
