// Mega: a damped moving average of the sequence (blocks/averaged-attention.ts) makes the queries, keys and gates of a single-headed
// attention, and a learned gate mixes its result with the input. Places enter as a bias of the scores.
// Ma et al. 2022, arXiv:2209.10655. The class is in transformers/models/deprecated.

import { add, gather, tanh } from '../../src/graph/index.js';
import { averagedAttention, averagedFeedForward } from '../blocks/averaged-attention.js';
import { embedding, linear } from '../blocks/linear.js';
import { defineConfig, oneOf } from '../config.js';
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
      h = averagedAttention(layer.at('mega_layer'), h, inputs.attention_mask, c);
      if (c.use_normalized_ffn) h = averagedFeedForward(layer.at('nffn'), h, c);
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
