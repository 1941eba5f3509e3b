// ALBERT: BERT with one set of weights for all layers (or for each group of them) and narrow word embeddings that a linear
// layer widens.
// Lan et al. 2019, arXiv:1909.11942.

import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertLayers } from '../blocks/bert-layer.js';
import { embeddingOptions, headOptions, layerOptions } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { relativeKeys } from '../blocks/relative-position.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    vocab_size: 30000,
    embedding_size: 128,
    hidden_size: 4096,
    num_hidden_groups: 1,
    num_attention_heads: 64,
    intermediate_size: 16384,
    inner_group_num: 1,
    hidden_act: 'gelu_new',
  },
  [
    ...bertIgnored,
    'classifier_dropout_prob',
    'down_scale_factor',
    'gap_size',
    'net_structure_type',
    'num_memory_blocks',
  ],
);

const names = {
  query: 'attention.query',
  key: 'attention.key',
  value: 'attention.value',
  output: 'attention.dense',
  attentionNorm: 'attention.LayerNorm',
  up: 'ffn',
  down: 'ffn_output',
  mlpNorm: 'full_layer_layer_norm',
};

export default defineModel({
  family: 'albert',
  architectures: ['AlbertForMaskedLM'],
  modelTypes: ['albert'],
  task: 'fill-mask',
  config,
  variants: {
    albert: {
      checkpoint: 'albert/albert-base-v2',
      parameters: 11_221_680,
      config: { hidden_size: 768, num_attention_heads: 12, intermediate_size: 3072 },
    },
  },
  tiny: {
    ...bertTiny,
    embedding_size: 16,
    num_hidden_layers: 4,
    num_hidden_groups: 2,
    inner_group_num: 2,
  },
  preprocess: { text: 'SentencePiece unigram' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('albert.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    let h = bertEmbeddings(g.at('albert.embeddings'), words.lookup(inputs.input_ids), embeddingOptions(c, inputs)); // [batch, seq, embedding_size]
    h = linear(g.at('albert.encoder.embedding_hidden_mapping_in'), h, c.hidden_size);
    const mask = paddingMask(inputs.attention_mask);
    const groups = g.layers('albert.encoder.albert_layer_groups', c.num_hidden_groups);
    for (let index = 0; index < c.num_hidden_layers; index++) {
      const group = groups[Math.floor(index / (c.num_hidden_layers / c.num_hidden_groups))];
      h = bertLayers(group.layers('albert_layers', c.inner_group_num), h, (layer) => ({
        ...layerOptions(c),
        names,
        mask,
        // Unlike BERT, ALBERT adds the scores of distances without dividing them by the root of the width.
        relative: relativeKeys(layer.at('attention'), c.position_embedding_type, c.max_position_embeddings, {
          query: 1,
          key: 1,
        }),
      }));
    }
    return {
      logits: wordHead(g.at('predictions'), h, { words, ...headOptions(c), names: ['dense', 'LayerNorm'] }),
    }; // [batch, seq, vocab_size]
  },
});
