// BERT: a post-norm bidirectional encoder with learned positions and segment embeddings, and a masked-word head.
// Devlin et al. 2018, arXiv:1810.04805.

import { add, type Scope, slice, type Tensor } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attention } from '../blocks/attention.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { constant, defineModel, mask, tokens } from '../define.js';

const config = defineConfig({
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  position_embedding_type: oneOf('absolute'),
  tie_word_embeddings: true,
});
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'bert',
  architectures: ['BertForMaskedLM'],
  modelTypes: ['bert'],
  task: 'fill-mask',
  config,
  variants: {
    bert: { checkpoint: 'google-bert/bert-base-uncased', parameters: 109_514_298, config: {} },
    bert_base_uncased: {
      checkpoint: 'google-bert/bert-base-uncased',
      parameters: 109_514_298,
      config: {},
      aliasOf: 'bert',
    },
  },
  tiny: {
    vocab_size: 99,
    hidden_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 37,
    max_position_embeddings: 64,
  },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    token_type_ids: constant(0, 'batch', 'seq'),
  }),
  graph(g, { input_ids, attention_mask, token_type_ids }, c) {
    const words = embedding(g.at('bert.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    let h = embed(g.at('bert.embeddings'), words.lookup(input_ids), token_type_ids, c); // [batch, seq, hidden_size]
    for (const layer of g.layers('bert.encoder.layer', c.num_hidden_layers))
      h = encoderLayer(layer, h, paddingMask(attention_mask), c);
    const head = g.at('cls.predictions');
    const word = activation(c.hidden_act)(linear(head.at('transform.dense'), h, c.hidden_size));
    const normal = layerNorm(head.at('transform.LayerNorm'), word, c.layer_norm_eps);
    const bias = head.parameter('bias', [c.vocab_size]);
    return {
      logits: c.tie_word_embeddings
        ? words.project(normal, bias)
        : add(linear(head.at('decoder'), normal, c.vocab_size, { bias: false }), bias),
    };
  },
});

function embed(scope: Scope, words: Tensor, segments: Tensor, c: Config): Tensor {
  const places = slice(
    scope.at('position_embeddings').parameter('weight', [c.max_position_embeddings, c.hidden_size]),
    0,
    0,
    words.dim(1),
  );
  const kinds = embedding(scope.at('token_type_embeddings'), c.type_vocab_size, c.hidden_size).lookup(segments);
  return layerNorm(scope.at('LayerNorm'), add(add(words, kinds), places), c.layer_norm_eps);
}

function encoderLayer(layer: Scope, h: Tensor, mask: Tensor | null, c: Config): Tensor {
  const names = ['self.query', 'self.key', 'self.value', 'output.dense'] as const;
  const a = attention(layer.at('attention'), h, { heads: c.num_attention_heads, mask, names });
  h = layerNorm(layer.at('attention.output.LayerNorm'), add(h, a), c.layer_norm_eps);
  const up = activation(c.hidden_act)(linear(layer.at('intermediate.dense'), h, c.intermediate_size));
  return layerNorm(
    layer.at('output.LayerNorm'),
    add(h, linear(layer.at('output.dense'), up, c.hidden_size)),
    c.layer_norm_eps,
  );
}
