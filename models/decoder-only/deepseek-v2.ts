// DeepSeek-V2: latent attention and many small experts chosen by softmax scores, in the whole or among the best groups, with
// shared ones that see every token. DeepSeek-AI 2024, arXiv:2405.04434.

import { cast, mul, type Scope, softmax, type Tensor, topK } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head } from '../blocks/decoder.js';
import {
  DEEPSEEK_IGNORED,
  deepseekFields,
  deepseekLayers,
  deepseekTiny,
  deepseekYarn,
} from '../blocks/deepseek-layers.js';
import { embedding } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { routerScores } from '../blocks/moe.js';
import { interleaved, ropeOptions } from '../blocks/rope.js';
import { type Routing, scoresOf, topOfGroups } from '../blocks/routing.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...deepseekFields,
    vocab_size: 32000,
    hidden_size: 4096,
    intermediate_size: 11008,
    moe_intermediate_size: 1407,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    n_shared_experts: 2,
    n_routed_experts: 64,
    num_experts_per_tok: nullable<number>('number'),
    topk_method: oneOf('greedy', 'group_limited_greedy'),
    n_group: nullable<number>('number'),
    topk_group: nullable<number>('number'),
    routed_scaling_factor: 1,
    scoring_func: oneOf('softmax'),
    first_k_dense_replace: 0,
    max_position_embeddings: 2048,
    mlp_bias: false,
  },
  // norm_topk_prob is a key that transformers does not read here
  [...DEEPSEEK_IGNORED, 'norm_topk_prob'],
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
        rope_scaling: deepseekYarn(40, 0.707, 4096),
      },
    },
  },
  tiny: {
    ...deepseekTiny,
    n_routed_experts: 6,
    num_experts_per_tok: 2,
    topk_method: 'group_limited_greedy',
    n_group: 3,
    routed_scaling_factor: 2,
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
