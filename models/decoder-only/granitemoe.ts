// Granite MoE: Granite's layers and multipliers with a mixture of experts, whose weights are stacked in one tensor.
// Granite Team, IBM 2024, "Granite 3.0 Language Models".

import { div, mul } from '../../src/graph/index.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { llamaLayers } from '../blocks/llama-layers.js';
import { mixture, routerScores, stackedExperts } from '../blocks/moe.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { topThenSoftmax } from '../blocks/routing.js';
import { defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable<number>('number'),
    hidden_act: 'silu',
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-6,
    position_embedding_type: oneOf('rope'),
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    embedding_multiplier: 1,
    attention_multiplier: 1,
    residual_multiplier: 1,
    logits_scaling: 1,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    tie_word_embeddings: false,
  },
  ['output_router_logits', 'router_aux_loss_coef'],
);

export default defineModel({
  family: 'granitemoe',
  architectures: ['GraniteMoeForCausalLM'],
  modelTypes: ['granitemoe'],
  task: 'text-generation',
  config,
  variants: {
    granitemoe: {
      checkpoint: 'ibm-granite/granite-3.0-1b-a400m-base',
      parameters: 1_334_628_352,
      config: {
        vocab_size: 49_155,
        hidden_size: 1024,
        intermediate_size: 512,
        num_hidden_layers: 24,
        num_attention_heads: 16,
        num_key_value_heads: 8,
        max_position_embeddings: 4096,
        embedding_multiplier: 12,
        attention_multiplier: 0.015625,
        residual_multiplier: 0.22,
        logits_scaling: 6,
        num_local_experts: 32,
        num_experts_per_tok: 8,
        tie_word_embeddings: true,
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 16,
    intermediate_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    embedding_multiplier: 0.5,
    attention_multiplier: 0.2,
    residual_multiplier: 0.8,
    logits_scaling: 0.5,
    num_local_experts: 4,
    tie_word_embeddings: true,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = llamaLayers(g.at('model'), mul(words.lookup(input_ids), c.embedding_multiplier), at, attention_mask, {
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      bias: c.attention_bias,
      scale: c.attention_multiplier,
      residual: c.residual_multiplier,
      rotate: halfSplit(g, at.positions, ropeOptions(c, c.hidden_size / c.num_attention_heads)),
      norm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      mlp(layer, x) {
        const moe = layer.at('block_sparse_moe');
        const scores = routerScores(moe.at('router.layer'), x, c.num_local_experts);
        return mixture(x, topThenSoftmax(scores, c.num_experts_per_tok), {
          count: c.num_local_experts,
          expert: stackedExperts(moe, c.num_local_experts, { hidden: c.intermediate_size, activation: c.hidden_act }),
        });
      },
    });
    return { logits: div(head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }), c.logits_scaling) };
  },
});
