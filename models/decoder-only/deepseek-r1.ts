// DeepSeek-V3 and R1: latent attention (keys and values from one narrow vector per token), three dense layers, then 256 experts
// of which 8 are chosen by sigmoid scores among the best groups, and a shared one.
// DeepSeek-AI 2024, arXiv:2412.19437; 2025, arXiv:2501.12948.

import { add, cast, mul, type Scope, sigmoid, type Tensor } from '../../src/graph/index.js';
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
import { halfSplit, interleaved, ropeOptions, yarnScale } from '../blocks/rope.js';
import { type Routing, scoresOf, shares, topOfGroups } from '../blocks/routing.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...deepseekFields,
    vocab_size: 129280,
    hidden_size: 7168,
    intermediate_size: 18432,
    moe_intermediate_size: 2048,
    num_hidden_layers: 61,
    num_attention_heads: 128,
    n_shared_experts: 1,
    n_routed_experts: 256,
    num_experts_per_tok: 8,
    n_group: 8,
    topk_group: 4,
    norm_topk_prob: true,
    routed_scaling_factor: 2.5,
    scoring_func: oneOf('sigmoid'),
    topk_method: oneOf('noaux_tc'),
    first_k_dense_replace: 3,
    max_position_embeddings: 4096,
    rope_interleave: true,
  },
  DEEPSEEK_IGNORED,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'deepseek_r1',
  architectures: ['DeepseekV3ForCausalLM'],
  modelTypes: ['deepseek_v3'],
  task: 'text-generation',
  config,
  variants: {
    deepseek_r1: {
      checkpoint: 'deepseek-ai/DeepSeek-R1',
      parameters: 671_026_404_352,
      config: {
        max_position_embeddings: 163_840,
        rope_scaling: deepseekYarn(40, 1, 4096),
      },
    },
  },
  tiny: {
    ...deepseekTiny,
    n_routed_experts: 8,
    num_experts_per_tok: 3,
    n_group: 4,
    max_position_embeddings: 256,
    rope_scaling: deepseekYarn(4, 1, 64),
  },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const mask = causalMask(g, at, attention_mask);
    const rotate = (c.rope_interleave ? interleaved : halfSplit)(g, at.positions, ropeOptions(c, c.qk_rope_head_dim));
    const { factor = 1, mscale_all_dim } = c.rope_scaling ?? {};
    const stretch = mscale_all_dim ? yarnScale(factor, mscale_all_dim) : 1;
    const scale = (stretch * stretch) / Math.sqrt(c.qk_nope_head_dim + c.qk_rope_head_dim);
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = deepseekLayers(g.at('model'), words.lookup(input_ids), c, {
      scale,
      mask,
      rotate,
      route: (gate, x) => route(gate, x, c),
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});

/** The correction bias keeps experts evenly busy: it decides who is chosen, not with what weight. */
function route(gate: Scope, x: Tensor, c: Config): Routing {
  const scores = sigmoid(routerScores(gate, x, c.n_routed_experts, 'float32'));
  const correction = cast(gate.buffer('e_score_correction_bias', [c.n_routed_experts]), 'float32');
  const experts = topOfGroups(add(scores, correction), {
    k: c.num_experts_per_tok,
    groups: c.n_group,
    chosen: c.topk_group,
    top: 2,
  });
  const weights = scoresOf(scores, experts);
  const normal = c.norm_topk_prob ? shares(weights, 1e-20) : weights;
  return { experts, weights: cast(mul(normal, c.routed_scaling_factor), x.dtype) };
}
