// RoCBert: a BERT for Chinese that stands up to look-alike and sound-alike characters: each also embeds its shape and its
// pronunciation.
// Su et al. 2022, "RoCBert: Robust Chinese Bert with Multimodal Contrastive Pretraining" (ACL 2022).

import { add, concat, div, type Graph, type Tensor } from '../../src/graph/index.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, embeddingOptions, headOptions } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel, tokens } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    enable_pronunciation: true,
    enable_shape: true,
    pronunciation_embed_dim: 768,
    pronunciation_vocab_size: 910,
    shape_embed_dim: 512,
    shape_vocab_size: 24858,
    concat_input: true,
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'roc_bert',
  architectures: ['RoCBertForMaskedLM'],
  modelTypes: ['roc_bert'],
  task: 'fill-mask',
  config,
  variants: {
    roc_bert: { checkpoint: 'weiweishi/roc-bert-base-zh', parameters: 117_290_120, config: { vocab_size: 21_128 } },
  },
  tiny: {
    ...bertTiny,
    pronunciation_embed_dim: 16,
    pronunciation_vocab_size: 21,
    shape_embed_dim: 24,
    shape_vocab_size: 31,
  },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    ...bertInputs(c),
    input_shape_ids: tokens(c.shape_vocab_size, 'batch', 'seq'),
    input_pronunciation_ids: tokens(c.pronunciation_vocab_size, 'batch', 'seq'),
  }),
  graph(g, inputs, c) {
    const words = embedding(g.at('roc_bert.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = embed(g, words.lookup(inputs.input_ids), inputs, c); // [batch, seq, hidden_size]
    const h = bertEncoder(g.at('roc_bert.encoder'), embedded, c, { mask: paddingMask(inputs.attention_mask) });
    return { logits: wordHead(g.at('cls.predictions'), h, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/** Shape and pronunciation stand beside the word below a linear layer, or are averaged with the finished embedding. */
function embed(g: Graph, words: Tensor, inputs: Record<string, Tensor>, c: Config): Tensor {
  const scope = g.at('roc_bert.embeddings');
  const looks: Tensor[] = [];
  if (c.enable_shape) {
    const shapes = embedding(scope.at('shape_embed'), c.shape_vocab_size, c.shape_embed_dim);
    looks.push(shapes.lookup(inputs.input_shape_ids));
  }
  if (c.enable_pronunciation) {
    const sounds = embedding(scope.at('pronunciation_embed'), c.pronunciation_vocab_size, c.pronunciation_embed_dim);
    looks.push(sounds.lookup(inputs.input_pronunciation_ids));
  }
  const mapped = c.concat_input
    ? linear(scope.at('map_inputs_layer'), concat([words, ...looks], -1), c.hidden_size)
    : words;
  const embedded = bertEmbeddings(scope, mapped, embeddingOptions(c, inputs));
  return c.concat_input ? embedded : div(looks.reduce(add, embedded), looks.length + 1);
}
