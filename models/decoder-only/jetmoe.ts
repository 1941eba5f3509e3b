// JetMoE: experts in attention too: a token's queries and its output layer are those of the experts it is sent to, over keys
// and values that all experts share. Shen et al. 2024, arXiv:2404.07413.

import { add, chunk, dimMul, div, gather, reshape, type Scope, type Tensor, transpose } from '../../src/graph/index.js';
import { attendHeads, type HeadsOptions, splitHeads } from '../blocks/attention.js';
import { decoderInputs, steps } from '../blocks/cache.js';
import { head, preNormLayers } from '../blocks/decoder.js';
import { embedding, linear } from '../blocks/linear.js';
import { causalMask } from '../blocks/mask.js';
import { combine, dispatch, mixture, routerScores, stackedExperts, stackedLinear } from '../blocks/moe.js';
import { rmsNorm } from '../blocks/norm.js';
import { halfSplit, type RopeScaling, ropeOptions } from '../blocks/rope.js';
import { topThenSoftmax } from '../blocks/routing.js';
import { type ConfigOf, defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 32000,
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 12,
    num_key_value_heads: 16,
    kv_channels: 128,
    activation_function: 'silu',
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    rope_scaling: nullable<RopeScaling>('object'),
    num_local_experts: 8,
    num_experts_per_tok: 2,
    tie_word_embeddings: true,
  },
  ['num_attention_heads', 'output_router_logits', 'aux_loss_coef'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'jetmoe',
  architectures: ['JetMoeForCausalLM'],
  modelTypes: ['jetmoe'],
  task: 'text-generation',
  config,
  variants: {
    jetmoe: { checkpoint: 'jetmoe/jetmoe-8b', parameters: 8_522_237_952, config: { num_hidden_layers: 24 } },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 16,
    intermediate_size: 16,
    num_hidden_layers: 2,
    num_key_value_heads: 2,
    kv_channels: 8,
    max_position_embeddings: 64,
    num_local_experts: 4,
  },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const at = steps(input_ids, attention_mask, position_ids);
    const mask = causalMask(g, at, attention_mask);
    const rotate = halfSplit(g, at.positions, ropeOptions(c, c.kv_channels));
    const words = embedding(g.at('model.embed_tokens'), c.vocab_size, c.hidden_size);
    const h = preNormLayers(g.at('model'), words.lookup(input_ids), c.num_hidden_layers, {
      norm: (scope, x) => rmsNorm(scope, x, 1e-6), // transformers gives rms_norm_eps to the last one alone
      lastNorm: (scope, x) => rmsNorm(scope, x, c.rms_norm_eps),
      attention: (layer, x, index) => expertAttention(layer.at('self_attention'), x, c, { mask, rotate, layer: index }),
      mlp(layer, x) {
        const moe = layer.at('mlp');
        const scores = routerScores(moe.at('router.layer'), x, c.num_local_experts);
        const mixed = mixture(x, topThenSoftmax(scores, c.num_experts_per_tok), {
          count: c.num_local_experts,
          expert: stackedExperts(moe, c.num_local_experts, {
            hidden: c.intermediate_size,
            activation: c.activation_function,
          }),
        });
        return add(mixed, moe.parameter('bias', [c.hidden_size]));
      },
    });
    return { logits: head(g.at('lm_head'), h, words, { tied: c.tie_word_embeddings }) };
  },
});

function expertAttention(scope: Scope, x: Tensor, c: Config, options: HeadsOptions): Tensor {
  const [batch, seq, width] = x.shape;
  const [k, kvHeads, headDim, count] = [
    c.num_experts_per_tok,
    c.num_key_value_heads,
    c.kv_channels,
    c.num_local_experts,
  ];
  const inner = kvHeads * headDim;
  const experts = scope.at('experts');
  const routing = topThenSoftmax(routerScores(experts.at('router.layer'), x, count), k);
  const tokens = reshape(x, [dimMul(batch, seq), width]);
  const queries = dispatch(routing.experts, (places) => gather(tokens, div(places, k)), {
    count,
    expert: (index, rows) => stackedLinear(experts.at('input_linear'), rows, inner, { index, count }),
  });
  // [batch, seq, k, kvHeads, headDim] -> [batch, kvHeads * k, seq, headDim]: queries of one key head are neighbours
  const byKey = transpose(reshape(queries, [batch, seq, k, kvHeads, headDim]), [0, 3, 2, 1, 4]);
  const q = reshape(byKey, [batch, kvHeads * k, seq, headDim]);
  const [keys, values] = chunk(linear(scope.at('kv_proj'), x, 2 * inner, { bias: false }), 2, -1);
  const mixed = attendHeads(q, splitHeads(keys, kvHeads), splitHeads(values, kvHeads), options);
  const byExpert = transpose(reshape(mixed, [batch, seq, kvHeads, k, headDim]), [0, 1, 3, 2, 4]);
  const pairs = reshape(byExpert, [dimMul(batch, seq, k), inner]);
  const results = dispatch(routing.experts, (places) => gather(pairs, places), {
    count,
    expert: (index, rows) => stackedLinear(experts.at('output_linear'), rows, c.hidden_size, { index, count }),
  });
  return add(reshape(combine(results, routing), x.shape), experts.parameter('bias', [c.hidden_size]));
}
