// Switch Transformers: T5 with a mixture of experts in every second layer; each token goes to one expert, and an expert takes
// only so many tokens of a sequence.
// Fedus, Zoph and Shazeer 2021, arXiv:2101.03961.

import type { Scope, Tensor } from '../../src/graph/index.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { topOneOfSequence, untaken } from '../blocks/capacity.js';
import { linear } from '../blocks/linear.js';
import { mlp } from '../blocks/mlp.js';
import { mixture } from '../blocks/moe.js';
import { T5_IGNORED, T5_KEYS, T5_TINY, t5Model } from '../blocks/t5.js';
import { type ConfigOf, defineConfig, nullable, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const { feed_forward_proj: _plain, is_gated_act: _never, ...KEYS } = T5_KEYS;

const config = defineConfig(
  {
    ...KEYS,
    d_model: 768,
    num_layers: 12,
    num_heads: 12,
    num_decoder_layers: nullable<number>('number', 12),
    dense_act_fn: 'relu',
    num_experts: 8,
    expert_capacity: 64,
    num_sparse_encoder_layers: 3,
    num_sparse_decoder_layers: 3,
    encoder_sparse_step: nullable<number>('number'),
    decoder_sparse_step: nullable<number>('number'),
    router_bias: false,
    router_dtype: oneOf('float32'),
  },
  [
    ...T5_IGNORED,
    'feed_forward_proj',
    'is_gated_act',
    'add_router_probs',
    'output_router_logits',
    'router_aux_loss_coef',
    'router_z_loss_coef',
    'router_jitter_noise',
    'router_ignore_padding_tokens',
    'router_type',
    'batch_prioritized_routing',
  ],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'switch_transformers',
  architectures: ['SwitchTransformersForConditionalGeneration'],
  modelTypes: ['switch_transformers'],
  task: 'text2text-generation',
  config,
  variants: {
    switch_transformers: {
      checkpoint: 'google/switch-base-8',
      parameters: 619_339_008,
      config: { d_ff: 3072, num_sparse_encoder_layers: 6, num_sparse_decoder_layers: 6 },
    },
  },
  tiny: {
    ...T5_TINY,
    num_layers: 4,
    num_decoder_layers: 2,
    num_sparse_encoder_layers: 2,
    num_sparse_decoder_layers: 1,
    num_experts: 4,
    expert_capacity: 3,
  },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece unigram' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    const targets = c.num_decoder_layers ?? c.num_layers;
    const stepOf = (layers: number, sparse: number): number => (sparse > 0 ? Math.floor(layers / sparse) : layers);
    const source = c.encoder_sparse_step ?? stepOf(c.num_layers, c.num_sparse_encoder_layers);
    const target = c.decoder_sparse_step ?? stepOf(targets, c.num_sparse_decoder_layers);
    const feed = (step: number) => (scope: Scope, x: Tensor, layer: number) =>
      step === 1 || (step > 0 && layer % step === 1) ? experts(scope.at('mlp'), x, c) : dense(scope.at('mlp'), x, c);
    const style = { encoder: { feed: feed(source) }, decoder: { feed: feed(target) } };
    return t5Model(g, inputs, { ...c, feed_forward_proj: c.dense_act_fn, is_gated_act: false }, style);
  },
});

const dense = (scope: Scope, x: Tensor, c: Config): Tensor =>
  mlp(scope, x, { hidden: c.d_ff, activation: c.dense_act_fn, bias: false, names: ['wi', 'wo'] });

function experts(scope: Scope, x: Tensor, c: Config): Tensor {
  const logits = linear(scope.at('router.classifier'), x, c.num_experts, { bias: c.router_bias });
  return mixture(x, topOneOfSequence(logits, c.expert_capacity), {
    count: c.num_experts,
    expert: (index, rows) => dense(scope.at(`experts.expert_${index}`), rows, c),
    rest: untaken,
  });
}
