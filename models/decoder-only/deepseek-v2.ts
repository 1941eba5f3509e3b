// DeepSeek-V2: latent attention and many small experts chosen by softmax scores, in the whole or among the best groups, with
// shared ones that see every token. DeepSeek-AI 2024, arXiv:2405.04434.

import { cast, mul, type Scope, softmax, type Tensor, topK } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import { deepseekLayers } from '../blocks/deepseek-layers.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { routerScores } from '../blocks/moe.js';
import { interleaved, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { type Routing, scoresOf, topOfGroups } from '../blocks/routing.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 4096,
    intermediate_size: 11008,
    moe_intermediate_size: 1407,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: nullable<number>('number'),
    n_shared_experts: 2,
    n_routed_experts: 64,
    num_experts_per_tok: nullable<number>('number'),
    topk_method: oneOf('greedy', 'group_limited_greedy'),
    n_group: nullable<number>('number'),
    topk_group: nullable<number>('number'),
    routed_scaling_factor: 1,
    scoring_func: oneOf('softmax'),
    first_k_dense_replace: 0,
    q_lora_rank: nullable('number', 1536),
    kv_lora_rank: 512,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
    hidden_act: 'silu',
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
  },
  // norm_topk_prob is a key that transformers does not read here
  `head_dim norm_topk_prob pretraining_tp ep_size moe_layer_freq aux_loss_alpha seq_aux`.split(' '),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'deepseek_v2',
  architectures: ['DeepseekV2ForCausalLM'],
  modelTypes: ['deepseek_v2'],
  task: 'text-generation',
  config,
  variants: {
    deepseek_v2: {
      checkpoint: 'deepseek-ai/DeepSeek-V2-Lite',
      parameters: 15_706_484_224,
      config: {
        vocab_size: 102_400,
        hidden_size: 2048,
        intermediate_size: 10_944,
        moe_intermediate_size: 1408,
        num_hidden_layers: 27,
        num_attention_heads: 16,
        num_experts_per_tok: 6,
        first_k_dense_replace: 1,
        q_lora_rank: null,
        max_position_embeddings: 163_840,
        rope_scaling: {
          rope_type: 'yarn',
          factor: 40,
          beta_fast: 32,
          beta_slow: 1,
          mscale: 0.707,
          mscale_all_dim: 0.707,
          original_max_position_embeddings: 4096,
        },
      },
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    intermediate_size: 56,
    moe_intermediate_size: 24,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    n_routed_experts: 6,
    num_experts_per_tok: 2,
    topk_method: 'group_limited_greedy',
    n_group: 3,
    topk_group: 2,
    routed_scaling_factor: 2,
    first_k_dense_replace: 1,
    q_lora_rank: 20,
    kv_lora_rank: 16,
    qk_nope_head_dim: 8,
    qk_rope_head_dim: 8,
    v_head_dim: 12,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const mask = causalMask(g, at, attention_mask);
    const rotate = interleaved(g, at.positions, ropeOptions(c, c.qk_rope_head_dim));
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = deepseekLayers(g.at('model'), words.lookup(input_ids), c, {
      mask,
      rotate,
      route: (gate, x) => route(gate, x, c),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});

function route(gate: Scope, x: Tensor, c: Config): Routing {
  const { num_experts_per_tok: k, n_group: groups, topk_group: chosen } = c;
  if (k === null) throw new UsageError('deepseek_v2.num_experts_per_tok: expected a number, got null');
  const scores = softmax(routerScores(gate, x, c.n_routed_experts, 'float32'));
  if (c.topk_method === 'greedy') {
    const [weights, experts] = topK(scores, k);
    return { experts, weights: cast(mul(weights, c.routed_scaling_factor), x.dtype) };
  }
  if (groups === null || chosen === null)
    throw new UsageError("deepseek_v2.topk_method: 'group_limited_greedy' needs n_group and topk_group");
  const experts = topOfGroups(scores, { k, groups, chosen, top: 1 });
  return { experts, weights: cast(mul(scoresOf(scores, experts), c.routed_scaling_factor), x.dtype) };
}
