// Mixtral: Mistral's layers, each MLP a mixture of experts of which a router picks the best few per token.
// Jiang et al. 2024, arXiv:2401.04088.

import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers, llamaSizes } from '../blocks/llama-layers.js';
import { gatedMlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { softmaxThenTop } from '../blocks/routing.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 4096,
    intermediate_size: 14336,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable('number', 8),
    head_dim: nullable<number>('number'),
    hidden_act: 'silu',
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 1_000_000,
    rope_scaling: nullable<RopeScaling>('object'),
    sliding_window: nullable<number>('number'),
    num_local_experts: 8,
    num_experts_per_tok: 2,
    tie_word_embeddings: false,
  },
  ['output_router_logits', 'router_aux_loss_coef', 'router_jitter_noise'],
);

export default defineModel({
  family: 'mixtral',
  architectures: ['MixtralForCausalLM'],
  modelTypes: ['mixtral'],
  task: 'text-generation',
  config,
  variants: {
    mixtral: {
      checkpoint: 'mistralai/Mixtral-8x7B-v0.1',
      parameters: 46_702_792_704,
      config: { max_position_embeddings: 32_768 },
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
    num_local_experts: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const sizes = llamaSizes(c);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const mlp = { hidden: c.intermediate_size, activation: c.hidden_act, names: ['w1', 'w3', 'w2'] as const };
    const h = llamaLayers(g.at('model'), words.lookup(input_ids), at, attention_mask, {
      ...sizes,
      windows: Array(c.num_hidden_layers).fill(c.sliding_window),
      rotate: halfSplit(g, at.positions, ropeOptions(c, sizes.headDim)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp(layer, x) {
        const moe = layer.at('block_sparse_moe');
        const scores = routerScores(moe.at('gate'), x, c.num_local_experts);
        return mixture(x, softmaxThenTop(scores, c.num_experts_per_tok, true), {
          count: c.num_local_experts,
          expert: (index, rows) => gatedMlp(moe.at(`experts.${index}`), rows, mlp),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
