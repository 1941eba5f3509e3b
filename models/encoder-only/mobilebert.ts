// MobileBERT: a deep and thin BERT; layers work inside bottlenecks, with several feed-forward layers each, and words see
// their neighbours in the embedding. Its "no norm" is an affine map.
// Sun et al. 2020, arXiv:2004.02984.

import { add, concat, mul, pad, type Scope, slice, type Tensor } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { embeddingOptions } from '../blocks/bert-model.js';
import { type Embedding, embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { mlp } from '../blocks/mlp.js';
import { layerNorm } from '../blocks/norm.js';
import { type ConfigOf, defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    hidden_size: 512,
    num_hidden_layers: 24,
    num_attention_heads: 4,
    intermediate_size: 512,
    hidden_act: 'relu',
    embedding_size: 128,
    trigram_input: true,
    use_bottleneck: true,
    intra_bottleneck_size: 128,
    use_bottleneck_attention: false,
    key_query_shared_bottleneck: true,
    num_feedforward_networks: 4,
    normalization_type: oneOf('no_norm', 'layer_norm'),
  },
  [...bertIgnored, 'classifier_activation', 'true_hidden_size'],
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'mobilebert',
  architectures: ['MobileBertForMaskedLM'],
  modelTypes: ['mobilebert'],
  task: 'fill-mask',
  config,
  variants: {
    mobilebert: { checkpoint: 'google/mobilebert-uncased', parameters: 36_596_538, config: {} },
  },
  tiny: { ...bertTiny, embedding_size: 16, intra_bottleneck_size: 24, num_feedforward_networks: 3 },
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('mobilebert.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    let h = embed(g.at('mobilebert.embeddings'), words.lookup(inputs.input_ids), inputs, c); // [batch, seq, hidden_size]
    const mask = paddingMask(inputs.attention_mask);
    for (const layer of g.layers('mobilebert.encoder.layer', c.num_hidden_layers)) h = thinLayer(layer, h, mask, c);
    return { logits: predict(g.at('cls.predictions'), h, words, c) }; // [batch, seq, vocab_size]
  },
});

const norm = (scope: Scope, x: Tensor, c: Config, epsilon: number): Tensor => {
  if (c.normalization_type === 'layer_norm') return layerNorm(scope, x, epsilon);
  const width = [x.dim(-1) as number];
  return add(mul(x, scope.parameter('weight', width)), scope.parameter('bias', width));
};

/** The next word, the word and the last word side by side; zeros beyond the ends. */
function embed(scope: Scope, words: Tensor, inputs: Record<string, Tensor>, c: Config): Tensor {
  let h = words;
  if (c.trigram_input) {
    const next = pad(slice(words, 1, 1), [0, 0, 0], [0, 1, 0]);
    const last = pad(slice(words, 1, 0, -1), [0, 1, 0], [0, 0, 0]);
    h = concat([next, words, last], 2);
  }
  if (c.trigram_input || c.embedding_size !== c.hidden_size)
    h = linear(scope.at('embedding_transformation'), h, c.hidden_size);
  const sum = bertEmbeddings(scope, h, { ...embeddingOptions(c, inputs), epsilon: null });
  return norm(scope.at('LayerNorm'), sum, c, 1e-5);
}

/** Attention and feed-forward layers at the bottleneck's width, then back to the full one. */
function thinLayer(layer: Scope, h: Tensor, mask: Tensor | null, c: Config): Tensor {
  const { layer_norm_eps: epsilon, num_attention_heads: heads } = c;
  const thin = c.use_bottleneck ? c.intra_bottleneck_size : c.hidden_size;
  const narrow = (name: string): Tensor =>
    norm(layer.at(`bottleneck.${name}.LayerNorm`), linear(layer.at(`bottleneck.${name}.dense`), h, thin), c, epsilon);
  const input = c.use_bottleneck ? narrow('input') : h;
  const shared = c.use_bottleneck && c.use_bottleneck_attention;
  const asked = shared ? input : c.use_bottleneck && c.key_query_shared_bottleneck ? narrow('attention') : h;
  const project = (name: string, from: Tensor): Tensor =>
    splitHeads(linear(layer.at(`attention.self.${name}`), from, thin), heads);
  const mixed = attend(project('query', asked), project('key', asked), project('value', shared ? input : h), { mask });
  const attended = linear(layer.at('attention.output.dense'), mergeHeads(mixed), thin);
  let x = norm(layer.at('attention.output.LayerNorm'), add(attended, input), c, epsilon);
  const feed = (scope: Scope, from: Tensor): Tensor =>
    mlp(scope, from, {
      hidden: c.intermediate_size,
      activation: c.hidden_act,
      names: ['intermediate.dense', 'output.dense'],
    });
  for (const scope of layer.layers('ffn', c.num_feedforward_networks - 1))
    x = norm(scope.at('output.LayerNorm'), add(feed(scope, x), x), c, epsilon);
  x = norm(layer.at('output.LayerNorm'), add(feed(layer, x), x), c, 1e-5);
  if (!c.use_bottleneck) return x;
  const wide = linear(layer.at('output.bottleneck.dense'), x, c.hidden_size);
  return norm(layer.at('output.bottleneck.LayerNorm'), add(wide, h), c, epsilon);
}

/** The first features meet the word embedding, the others a table [features, words] of their own. */
function predict(scope: Scope, h: Tensor, words: Embedding, c: Config): Tensor {
  const features = activation(c.hidden_act)(linear(scope.at('transform.dense'), h, c.hidden_size));
  const normal = layerNorm(scope.at('transform.LayerNorm'), features, c.layer_norm_eps);
  const bias = scope.parameter('bias', [c.vocab_size]);
  const first = slice(normal, -1, 0, c.embedding_size);
  const tied = c.tie_word_embeddings
    ? words.project(first, bias)
    : add(linear(scope.at('decoder'), first, c.vocab_size, { bias: false }), bias);
  if (c.embedding_size === c.hidden_size) return tied;
  const rest = slice(normal, -1, c.embedding_size);
  return add(tied, linear(scope.at('dense'), rest, c.vocab_size, { bias: false, inOut: true }));
}
