// OLMoE: Llama's layers with small experts, and an RMSNorm over all heads' queries (and keys) at once.
// Muennighoff et al. 2024, arXiv:2409.02060.

import { clip } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { softmaxThenTop } from '../blocks/routing.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 50304,
    hidden_size: 2048,
    intermediate_size: 2048,
    num_hidden_layers: 16,
    num_attention_heads: 16,
    num_key_value_heads: nullable<number>('number'),
    hidden_act: 'silu',
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    clip_qkv: nullable<number>('number'),
    num_experts: 64,
    num_experts_per_tok: 8,
    norm_topk_prob: false,
    tie_word_embeddings: false,
  },
  ['output_router_logits', 'router_aux_loss_coef'],
);

export default defineModel({
  family: 'olmoe',
  architectures: ['OlmoeForCausalLM'],
  modelTypes: ['olmoe'],
  task: 'text-generation',
  config,
  variants: {
    olmoe: {
      checkpoint: 'allenai/OLMoE-1B-7B-0924',
      parameters: 6_919_161_856,
      config: { intermediate_size: 1024 },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    num_experts: 4,
    num_experts_per_tok: 2,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const limit = c.clip_qkv;
    const mask = causalMask(g, at, attention_mask);
    const rotate = halfSplit(g, at.positions, ropeOptions(c, c.hidden_size / c.num_attention_heads));
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('model'), words.lookup(input_ids), c.num_hidden_layers, {
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      attention(layer, x, index) {
        const own = layer.at('self_attn');
        return attention(own, x, {
          heads: c.num_attention_heads,
          kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
          bias: c.attention_bias,
          adjust(made, kind) {
            const normal = kind === 'value' ? made : rmsNorm(own.at(`${kind[0]}_norm`), made, c.rms_norm_eps);
            return limit === null ? normal : clip(normal, -limit, limit);
          },
          mask,
          rotate,
          layer: index,
        });
      },
      mlp(layer, x) {
        const scores = routerScores(layer.at('mlp.gate'), x, c.num_experts);
        return mixture(x, softmaxThenTop(scores, c.num_experts_per_tok, c.norm_topk_prob), {
          count: c.num_experts,
          expert: (index, rows) =>
            gatedMlp(layer.at(`mlp.experts.${index}`), rows, { hidden: c.intermediate_size, activation: c.hidden_act }),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});
