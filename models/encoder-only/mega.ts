// Mega: a damped moving average of the sequence (blocks/moving-average.ts) makes the queries, keys and gates of a single-headed
// attention, and a learned gate mixes its result with the input. Places enter as a bias of the scores.
// Ma et al. 2022, arXiv:2209.10655. The class is in transformers/models/deprecated.

import {
  add,
  cast,
  clip,
  div,
  equal,
  gather,
  matmul,
  mul,
  or,
  reduceSum,
  type Scope,
  sigmoid,
  softmax,
  split,
  sub,
  swapAxes,
  type Tensor,
  tanh,
  unsqueeze,
  where,
} from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { embedding, linear } from '../blocks/linear.js';
import { movingAverage } from '../blocks/moving-average.js';
import { sequenceNorm } from '../blocks/sequence-norm.js';
import { rotaryBias, toeplitzBias } from '../blocks/toeplitz-bias.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, type Inputs, mask, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30522,
    hidden_size: 128,
    num_hidden_layers: 4,
    intermediate_size: 256,
    ema_projection_size: 16,
    bidirectional: true,
    shared_representation_size: 64,
    use_chunking: oneOf(false),
    truncation: oneOf(null),
    normalize_before_mega: true,
    normalization_type: oneOf('scalenorm', 'layernorm', 'rmsnorm', 'batchnorm', 'syncbatchnorm'),
    norm_affine: true,
    activation: 'silu',
    attention_activation: oneOf('softmax', 'relu2', 'laplace'),
    use_normalized_ffn: true,
    nffn_hidden_size: 256,
    normalize_before_ffn: true,
    max_positions: 2048,
    add_token_type_embeddings: false,
    type_vocab_size: 2,
    relative_positional_bias: oneOf('rotary', 'simple'),
    add_lm_hidden_dense_layer: true,
    tie_word_embeddings: true,
    is_decoder: oneOf(false),
    add_cross_attention: oneOf(false),
  },
  `chunk_size use_feature_dropout dropout_prob nffn_activation_dropout_prob ema_delta_alpha_range ema_beta_range ema_gamma_omega_range
  num_attention_heads`.split(/\s+/),
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'mega',
  architectures: ['MegaForMaskedLM'],
  modelTypes: ['mega'],
  task: 'fill-mask',
  config,
  variants: {
    mega: { checkpoint: 'mnaylor/mega-base-wikitext', parameters: 4_846_018, config: {} },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_hidden_layers: 2,
    intermediate_size: 48,
    ema_projection_size: 4,
    shared_representation_size: 16,
    nffn_hidden_size: 40,
    max_positions: 64,
  },
  preprocess: { text: 'byte-level BPE' },
  inputs(c): Inputs {
    const words = { input_ids: tokens(c.vocab_size, 'batch', 'seq'), attention_mask: mask('batch', 'seq') };
    return c.add_token_type_embeddings ? { ...words, token_type_ids: constant(0, 'batch', 'seq') } : words;
  },
  graph(g, inputs, c) {
    const words = embedding(g.at('mega.embedding_layer.word_embeddings'), c.vocab_size, c.hidden_size);
    let h = words.lookup(inputs.input_ids); // [batch, seq, hidden_size]
    if (c.add_token_type_embeddings) {
      const types = embedding(g.at('mega.embedding_layer.token_type_embeddings'), c.type_vocab_size, c.hidden_size);
      h = add(h, inputs.token_type_ids ? types.lookup(inputs.token_type_ids) : gather(types.weight, 0));
    }
    for (const layer of g.layers('mega.layers', c.num_hidden_layers)) {
      h = gatedAttention(layer.at('mega_layer'), h, inputs.attention_mask, c);
      if (c.use_normalized_ffn) h = feedForward(layer.at('nffn'), h, c);
    }
    if (c.add_lm_hidden_dense_layer) h = tanh(linear(g.at('dense'), h, c.hidden_size));
    const head = g.at('mlm_head');
    return {
      logits: c.tie_word_embeddings
        ? words.project(h, head.parameter('bias', [c.vocab_size]))
        : linear(head, h, c.vocab_size), // [batch, seq, vocab_size]
    };
  },
});

const norm = (scope: Scope, x: Tensor, c: Config): Tensor =>
  sequenceNorm(scope.at('norm.norm'), x, c.normalization_type, c.norm_affine);

/** x [batch, seq, hidden_size] -> the same shape, the residual included. */
function gatedAttention(scope: Scope, x: Tensor, given: Tensor | undefined, c: Config): Tensor {
  const [width, inner, shared] = [c.hidden_size, c.intermediate_size, c.shared_representation_size];
  const [act, silu] = [activation(c.activation), activation('silu')];
  const normal = c.normalize_before_mega ? norm(scope, x, c) : x;
  const values = act(linear(scope.at('v_proj'), normal, inner));
  const ema = scope.at('ema_gate');
  const kept = given ? mul(normal, cast(unsqueeze(given, 2), x.dtype)) : normal;
  const average = movingAverage(ema, kept, { dimensions: c.ema_projection_size, bidirectional: c.bidirectional });
  const averaged = silu(add(average, mul(normal, ema.parameter('residual_weight', [width]))));
  const base = linear(scope.at('mx_proj'), averaged, shared + inner + 2 * width);
  const [residual, gates, state] = split(base, [width, shared + inner, width], 2);
  const [common, gate] = split(silu(gates), [shared, inner], 2);
  const [weights, biases] = ['qk_weight', 'qk_bias'].map((name) => scope.parameter(name, [2, shared]));
  const [query, key] = [0, 1].map((row) => add(mul(common, gather(weights, row)), gather(biases, row)));
  const attended = matmul(attentionWeights(scope.at('rel_pos_bias'), query, key, given, c), values);
  const made = act(add(state, linear(scope.at('h_proj'), mul(attended, gate), width)));
  const mixed = add(x, mul(sigmoid(residual), sub(made, x)));
  return c.normalize_before_mega ? mixed : norm(scope, mixed, c);
}

/** query, key [batch, seq, width] -> [batch, seq, seq]: softmax, or an activation of the scores divided by the count of keys. */
function attentionWeights(scope: Scope, query: Tensor, key: Tensor, given: Tensor | undefined, c: Config): Tensor {
  const [g, seq, width] = [query.graph, query.dim(1), c.shared_representation_size];
  const bias =
    c.relative_positional_bias === 'rotary' ? rotaryBias(scope, seq, width) : toeplitzBias(scope, seq, c.max_positions);
  if (c.attention_activation === 'softmax') {
    const scores = add(matmul(mul(query, width ** -0.5), swapAxes(key, 1, 2)), bias);
    if (!given) return softmax(scores);
    const none = equal(reduceSum(given, 1, { keep: true }), 0); // a row of padding alone attends as if it had none
    return softmax(where(unsqueeze(or(cast(given, 'bool'), none), 1), scores, -Infinity));
  }
  const count = cast(
    given ? clip(unsqueeze(reduceSum(given, 1, { keep: true }), 2), 1, null) : g.size(seq),
    query.dtype,
  );
  const weights = activation(c.attention_activation)(add(div(matmul(query, swapAxes(key, 1, 2)), count), bias));
  return given ? mul(weights, cast(unsqueeze(given, 1), query.dtype)) : weights;
}

function feedForward(scope: Scope, x: Tensor, c: Config): Tensor {
  const normal = c.normalize_before_ffn ? norm(scope, x, c) : x;
  const inner = activation(c.activation)(linear(scope.at('fc1'), normal, c.nffn_hidden_size));
  const sum = add(linear(scope.at('fc2'), inner, c.hidden_size), x);
  return c.normalize_before_ffn ? sum : norm(scope, sum, c);
}
