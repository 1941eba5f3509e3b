// Qwen3-MoE: Qwen3's layers with many small experts and no shared one.
// Yang et al. 2025, arXiv:2505.09388.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, headWidth, layerWindows } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { isSparse, mixture, routerScores } from '../blocks/moe.js';
import { headNorms, rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { softmaxThenTop } from '../blocks/routing.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 151936,
    hidden_size: 2048,
    intermediate_size: 6144,
    num_hidden_layers: 24,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    head_dim: nullable<number>('number'),
    hidden_act: 'silu',
    max_position_embeddings: 32768,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    use_sliding_window: false,
    sliding_window: nullable('number', 4096),
    num_experts: 128,
    num_experts_per_tok: 8,
    norm_topk_prob: false,
    moe_intermediate_size: 768,
    decoder_sparse_step: 1,
    mlp_only_layers: nullable<number[]>('array'),
    tie_word_embeddings: false,
  },
  ['max_window_layers', 'output_router_logits', 'router_aux_loss_coef'],
);

export default defineModel({
  family: 'qwen3_moe',
  architectures: ['Qwen3MoeForCausalLM'],
  modelTypes: ['qwen3_moe'],
  task: 'text-generation',
  config,
  variants: {
    qwen3_moe: {
      checkpoint: 'Qwen/Qwen3-30B-A3B',
      parameters: 30_532_122_624,
      config: {
        num_hidden_layers: 48,
        head_dim: 128,
        max_position_embeddings: 40_960,
        rope_theta: 1_000_000,
        norm_topk_prob: true,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 12,
    max_position_embeddings: 64,
    rope_theta: 1_000_000,
    num_experts: 4,
    num_experts_per_tok: 2,
    norm_topk_prob: true,
    moe_intermediate_size: 24,
    mlp_only_layers: [1],
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const headDim = headWidth(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const norm = (scope: Scope, x: Tensor): Tensor => rmsNorm(scope, x, c.rms_norm_eps);
    const of = (hidden: number) => ({ hidden, activation: c.hidden_act });
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads,
      headDim,
      bias: c.attention_bias,
      normalize: headNorms(norm),
      windows: layerWindows(c),
      rotate: halfSplit(g, at.positions, ropeOptions(c, headDim)),
      norm,
      mlp(layer, x, index) {
        const moe = layer.at('mlp');
        if (!isSparse(c, index)) return gatedMlp(moe, x, of(c.intermediate_size));
        const scores = routerScores(moe.at('gate'), x, c.num_experts);
        return mixture(x, softmaxThenTop(scores, c.num_experts_per_tok, c.norm_topk_prob), {
          count: c.num_experts,
          expert: (number, rows) => gatedMlp(moe.at(`experts.${number}`), rows, of(c.moe_intermediate_size)),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
