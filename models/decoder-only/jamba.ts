// Jamba: Mamba layers with an attention layer among every eight, and mixtures of experts in every other layer; no positions.
// Lieber et al. 2024, arXiv:2403.19887.

import { slice, type Tensor } from '../../src/graph/index.js';
import { attention } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding } from '../blocks/linear.js';
import { mambaMixer, mambaSizes } from '../blocks/mamba.js';
import { causalMask } from '../blocks/mask.js';
import { gatedMlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { rmsNorm } from '../blocks/norm.js';
import { softmaxThenTop } from '../blocks/routing.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 65_536,
    hidden_size: 4096,
    intermediate_size: 14_336,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable('number', 8),
    hidden_act: 'silu',
    rms_norm_eps: 1e-6,
    num_experts_per_tok: 2,
    num_experts: 16,
    /** Layers whose number leaves the offset when divided by the period have experts, or attention. */
    expert_layer_period: 2,
    expert_layer_offset: 1,
    attn_layer_period: 8,
    attn_layer_offset: 4,
    mamba_d_state: 16,
    mamba_d_conv: 4,
    mamba_expand: 2,
    mamba_dt_rank: nullable<number | 'auto'>(null, 'auto'),
    mamba_conv_bias: true,
    mamba_proj_bias: false,
    tie_word_embeddings: false,
  },
  `layers_block_type layers_num_experts mamba_inner_layernorms max_position_embeddings num_logits_to_keep output_router_logits
  router_aux_loss_coef sliding_window use_mamba_kernels`.split(/\s+/),
);

export default defineModel({
  family: 'jamba',
  architectures: ['JambaForCausalLM'],
  modelTypes: ['jamba'],
  task: 'text-generation',
  config,
  variants: { jamba: { checkpoint: 'ai21labs/Jamba-v0.1', parameters: 51_570_323_328, config: {} } },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    num_experts: 4,
    attn_layer_period: 4,
    attn_layer_offset: 2,
    mamba_d_state: 8,
    mamba_dt_rank: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs(c, form) {
    const { input_ids, attention_mask } = decoderInputs(c.vocab_size, form);
    return { input_ids, attention_mask };
  },
  graph(g, { input_ids, attention_mask }, c) {
    const at = steps(input_ids, attention_mask);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const norm = (scope: Parameters<typeof rmsNorm>[0], x: Tensor): Tensor => rmsNorm(scope, x, c.rms_norm_eps);
    const plain = { hidden: c.intermediate_size, activation: c.hidden_act };
    const look = {
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      bias: false,
      mask: causalMask(g, at, attention_mask),
    };
    const mixer = {
      ...mambaSizes(c),
      activation: c.hidden_act,
      mask: attention_mask ? slice(attention_mask, 1, at.past) : null,
    };
    const h = preNormLayers(g.at('model'), words.lookup(input_ids), c.num_hidden_layers, {
      names: ['layers', 'input_layernorm', 'pre_ff_layernorm', 'final_layernorm'],
      norm,
      attention(layer, x, index) {
        if (index % c.attn_layer_period === c.attn_layer_offset)
          return attention(layer.at('self_attn'), x, { ...look, layer: index });
        const own = layer.at('mamba');
        const normalize = {
          step: (part: Tensor) => norm(own.at('dt_layernorm'), part),
          into: (part: Tensor) => norm(own.at('b_layernorm'), part),
          from: (part: Tensor) => norm(own.at('c_layernorm'), part),
        };
        return mambaMixer(own, x, { ...mixer, layer: index, normalize });
      },
      mlp(layer, x, index) {
        const own = layer.at('feed_forward');
        if (c.num_experts <= 1 || index % c.expert_layer_period !== c.expert_layer_offset)
          return gatedMlp(own, x, plain);
        const scores = routerScores(own.at('router'), x, c.num_experts);
        return mixture(x, softmaxThenTop(scores, c.num_experts_per_tok, false), {
          count: c.num_experts,
          expert: (number, rows) => gatedMlp(own.at(`experts.${number}`), rows, plain),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) }; // [batch, seq, vocab_size]
  },
});
