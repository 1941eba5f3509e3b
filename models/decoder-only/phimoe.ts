// Phi-3.5-MoE: LayerNorms, biased attention and two experts of sixteen per token, chosen by SparseMixer; LongRoPE with a factor
// of cos and sin for short and for long contexts. Abdin et al. 2024, arXiv:2404.14219.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { sparseMixer } from '../blocks/routing.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32064,
    hidden_size: 4096,
    intermediate_size: 6400,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable('number', 8),
    hidden_act: 'silu',
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 1_000_000,
    rope_scaling: nullable<RopeScaling>('object'),
    sliding_window: nullable<number>('number'),
    attention_bias: false,
    lm_head_bias: false,
    num_local_experts: 16,
    num_experts_per_tok: oneOf(2),
    router_jitter_noise: 0.01,
    tie_word_embeddings: false,
  },
  ['original_max_position_embeddings', 'input_jitter_noise', 'output_router_logits', 'router_aux_loss_coef'],
);

export default defineModel({
  family: 'phimoe',
  architectures: ['PhimoeForCausalLM'],
  modelTypes: ['phimoe'],
  task: 'text-generation',
  config,
  variants: {
    phimoe: {
      checkpoint: 'microsoft/Phi-3.5-MoE-instruct',
      parameters: 41_873_153_344,
      config: { attention_bias: true, lm_head_bias: true },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    rope_scaling: {
      type: 'longrope',
      short_factor: [1, 1.1, 1.3, 1.6],
      long_factor: [1, 2, 4, 8],
      short_mscale: 1.2,
      long_mscale: 1.3,
      original_max_position_embeddings: 32,
    },
    sliding_window: 4,
    attention_bias: true,
    lm_head_bias: true,
    num_local_experts: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const rope = ropeOptions(c, c.hidden_size / c.num_attention_heads);
    const originalPositions = c.rope_scaling?.original_max_position_embeddings;
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const mlp = { hidden: c.intermediate_size, activation: c.hidden_act, names: ['w1', 'w3', 'w2'] as const };
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      bias: c.attention_bias,
      windows: Array(c.num_hidden_layers).fill(c.sliding_window),
      rotate: halfSplit(g, at.positions, { ...rope, originalPositions }),
      norm: (scope, x) => layerNorm(scope, x, c.rms_norm_eps),
      mlp(layer, x) {
        const moe = layer.at('block_sparse_moe');
        const scores = routerScores(moe.at('gate'), x, c.num_local_experts);
        return mixture(x, sparseMixer(scores, c.router_jitter_noise), {
          count: c.num_local_experts,
          expert: (index, rows) => gatedMlp(moe.at(`experts.${index}`), rows, mlp),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings, bias: c.lm_head_bias }) };
  },
});
