// DBRX: biasless LayerNorms, one clipped projection for queries, keys and values, and fine-grained experts (4 of 16), stacked.
// Mosaic Research, Databricks 2024, "Introducing DBRX".

import { clip } from '../../src/graph/index.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { stackedMlp } from '../blocks/mlp.js';
import { mixture, routerScores } from '../blocks/moe.js';
import { layerNorm } from '../blocks/norm.js';
import { halfSplit } from '../blocks/rope.js';
import { softmaxThenTop } from '../blocks/routing.js';
import { defineConfig, nested, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    d_model: 2048,
    n_heads: 16,
    n_layers: 24,
    attn_config: nested(
      defineConfig({ clip_qkv: nullable<number>('number'), kv_n_heads: 1, rope_theta: 10000 }, ['tie_word_embeddings']),
    ),
    ffn_config: nested(
      defineConfig(
        {
          ffn_act_fn: nested(defineConfig({ name: 'silu' })),
          ffn_hidden_size: 3584,
          moe_num_experts: 4,
          moe_top_k: 1,
          moe_normalize_expert_weights: nullable('number', 1),
        },
        ['tie_word_embeddings', 'moe_jitter_eps', 'moe_loss_weight'],
      ),
    ),
    tie_word_embeddings: oneOf(false),
  },
  ['max_seq_len', 'num_key_value_heads', 'emb_pdrop', 'output_router_logits', 'router_aux_loss_coef'],
);

const base = {
  vocab_size: 100_352,
  d_model: 6144,
  n_heads: 48,
  n_layers: 40,
  attn_config: { clip_qkv: 8, kv_n_heads: 8, rope_theta: 500_000 },
  ffn_config: {
    ffn_act_fn: { name: 'silu' },
    ffn_hidden_size: 10_752,
    moe_num_experts: 16,
    moe_top_k: 4,
    moe_normalize_expert_weights: 1,
  },
};

export default defineModel({
  family: 'dbrx',
  architectures: ['DbrxForCausalLM'],
  modelTypes: ['dbrx'],
  task: 'text-generation',
  config,
  variants: {
    dbrx: { checkpoint: 'databricks/dbrx-base', parameters: 131_596_523_520, config: base },
    dbrx_instruct: {
      checkpoint: 'databricks/dbrx-instruct',
      parameters: 131_596_523_520,
      config: base,
      aliasOf: 'dbrx',
    },
  },
  tiny: {
    vocab_size: 99,
    d_model: 32,
    n_heads: 4,
    n_layers: 2,
    attn_config: { clip_qkv: 1, kv_n_heads: 2, rope_theta: 500_000 },
    ffn_config: {
      ffn_act_fn: { name: 'silu' },
      ffn_hidden_size: 24,
      moe_num_experts: 4,
      moe_top_k: 2,
      moe_normalize_expert_weights: 1,
    },
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const { attn_config: a, ffn_config: f } = c;
    const headDim = c.d_model / c.n_heads;
    const mask = causalMask(g, at, attention_mask);
    const rotate = halfSplit(g, at.positions, { width: headDim, base: a.rope_theta });
    const words = embedding(g.at('transformer.wte'), c.vocab_size, c.d_model);
    const experts = { count: f.moe_num_experts, hidden: f.ffn_hidden_size, activation: f.ffn_act_fn.name };
    const h = preNormLayers(g.at('transformer'), words.lookup(input_ids), c.n_layers, {
      names: ['blocks', 'norm_attn_norm.norm_1', 'norm_attn_norm.norm_2', 'norm_f'],
      norm: (scope, x) => layerNorm(scope, x, 1e-5, { bias: false }),
      attention(layer, x, index) {
        const own = layer.at('norm_attn_norm.attn');
        const fused = linear(own.at('Wqkv'), x, (c.n_heads + 2 * a.kv_n_heads) * headDim, { bias: false });
        const clipped = a.clip_qkv === null ? fused : clip(fused, -a.clip_qkv, a.clip_qkv);
        const [q, k, v] = splitGroups(clipped, 1, [c.n_heads, a.kv_n_heads, a.kv_n_heads]);
        const mixed = attendHeads(q, k, v, { mask, rotate, layer: index });
        return linear(own.at('out_proj'), mixed, c.d_model, { bias: false });
      },
      mlp(layer, x) {
        const scores = routerScores(layer.at('ffn.router.layer'), x, f.moe_num_experts);
        return mixture(x, softmaxThenTop(scores, f.moe_top_k, f.moe_normalize_expert_weights ?? false), {
          count: f.moe_num_experts,
          expert: (index, rows) => stackedMlp(layer.at('ffn.experts.mlp'), rows, index, experts),
        });
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: false }) };
  },
});
