// NLLB-MoE: M2M-100's graph for two hundred languages with a mixture of 128 experts in every fourth layer, two for each token.
// NLLB Team 2022, "No Language Left Behind", arXiv:2207.04672.

import { dimMul, mul, reshape, type Scope, slice, type Tensor } from '../../src/graph/index.js';
import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { topTwoOfRun, untaken } from '../blocks/capacity.js';
import { linear } from '../blocks/linear.js';
import { mlp } from '../blocks/mlp.js';
import { mixture } from '../blocks/moe.js';
import { countedSinusoids } from '../blocks/position.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 128_112,
    activation_function: 'relu',
    scale_embedding: true,
    pad_token_id: 1,
    num_experts: 128,
    expert_capacity: 64,
    encoder_sparse_step: 4,
    decoder_sparse_step: 4,
    router_bias: false,
    router_dtype: oneOf('float32'),
    router_ignore_padding_tokens: false,
    second_expert_policy: oneOf('all'), // the other policies draw random numbers
    normalize_router_prob_before_dropping: false,
    batch_prioritized_routing: false,
    moe_eval_capacity_token_fraction: 1.0,
    moe_token_dropout: 0.2,
  },
  [...BART_IGNORED, 'output_router_logits', 'router_aux_loss_coef', 'router_z_loss_coef', 'router_type'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'nllb_moe',
  architectures: ['NllbMoeForConditionalGeneration'],
  modelTypes: ['nllb-moe'],
  task: 'translation',
  config,
  variants: {
    nllb_moe: {
      checkpoint: 'facebook/nllb-moe-54b',
      parameters: 54_500_569_088,
      config: {
        vocab_size: 256_206,
        d_model: 2048,
        encoder_layers: 24,
        encoder_ffn_dim: 8192,
        decoder_layers: 24,
        decoder_ffn_dim: 8192,
      },
    },
  },
  tiny: {
    ...BART_TINY,
    encoder_layers: 3,
    num_experts: 4,
    expert_capacity: 8,
    encoder_sparse_step: 2,
    decoder_sparse_step: 2,
  },
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    const names = { cross: 'cross_attention', feedNorm: 'ff_layer_norm' };
    const feed =
      (step: number, hidden: number, keys: Tensor | undefined) => (layer: Scope, x: Tensor, index: number) => {
        const sparse = step > 0 && (index + 1) % step === 0;
        return sparse ? experts(layer.at('ffn'), x, hidden, keys, c) : dense(layer.at('ffn'), x, hidden, c);
      };
    return bartModel(g, inputs, c, {
      norm: 'pre',
      positions: countedSinusoids(c.d_model, c.pad_token_id),
      logitsBias: false,
      encoder: { names, feed: feed(c.encoder_sparse_step, c.encoder_ffn_dim, inputs.attention_mask) },
      decoder: { names, feed: feed(c.decoder_sparse_step, c.decoder_ffn_dim, inputs.decoder_attention_mask) },
    });
  },
});

const dense = (scope: Scope, x: Tensor, hidden: number, c: Config): Tensor =>
  mlp(scope, x, { hidden, activation: c.activation_function });

/** @param keys attention mask [batch, past + seq]: padding is routed to nobody */
function experts(scope: Scope, x: Tensor, hidden: number, keys: Tensor | undefined, c: Config): Tensor {
  const tokens = dimMul(x.dim(0), x.dim(1));
  const logits = linear(scope.at('router.classifier'), x, c.num_experts, { bias: c.router_bias });
  const share = c.moe_eval_capacity_token_fraction;
  const own = keys && !c.router_ignore_padding_tokens ? lastColumns(keys, x) : null;
  const { experts, weights } = topTwoOfRun(reshape(logits, [tokens, c.num_experts]), {
    capacity: share > 0 ? { share } : { tokens: c.expert_capacity },
    normalizeFirst: c.normalize_router_prob_before_dropping,
    surestFirst: c.batch_prioritized_routing,
    keep: own && reshape(own, [tokens]),
  });
  // token dropout zeroes expert outputs in training, so evaluation scales them
  const scaled = c.moe_token_dropout > 0 ? mul(weights, 1 - c.moe_token_dropout) : weights;
  return mixture(
    x,
    { experts, weights: scaled },
    {
      count: c.num_experts,
      expert: (index, rows) => dense(scope.at(`experts.expert_${index}`), rows, hidden, c),
      rest: untaken,
    },
  );
}

/** The mask of the places that this run computes: [batch, seq]. */
const lastColumns = (keys: Tensor, x: Tensor): Tensor =>
  keys.dim(1) === x.dim(1) ? keys : slice(keys, 1, 'past', keys.dim(1));
