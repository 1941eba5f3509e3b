// DistilBERT: BERT with half the layers and no segments, trained to follow BERT's predictions.
// Sanh et al. 2019, arXiv:1910.01108.

import { activation } from '../blocks/activation.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertLayers } from '../blocks/bert-layer.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig } from '../config.js';
import { defineModel, mask, tokens } from '../define.js';

const config = defineConfig(
  {
    vocab_size: 30522,
    max_position_embeddings: 512,
    n_layers: 6,
    n_heads: 12,
    dim: 768,
    hidden_dim: 3072,
    activation: 'gelu',
    tie_word_embeddings: true,
  },
  // The sinusoids of sinusoidal_pos_embds are only first values of a table that checkpoints hold.
  ['sinusoidal_pos_embds', 'qa_dropout', 'seq_classif_dropout', 'tie_weights_'],
);
const EPSILON = 1e-12;

export default defineModel({
  family: 'distilbert',
  architectures: ['DistilBertForMaskedLM'],
  modelTypes: ['distilbert'],
  task: 'fill-mask',
  config,
  variants: {
    distilbert: { checkpoint: 'distilbert/distilbert-base-uncased', parameters: 66_985_530, config: {} },
  },
  tiny: { vocab_size: 99, dim: 32, n_layers: 2, n_heads: 4, hidden_dim: 37, max_position_embeddings: 64 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({ input_ids: tokens(c.vocab_size, 'batch', 'seq'), attention_mask: mask('batch', 'seq') }),
  graph(g, { input_ids, attention_mask }, c) {
    const words = embedding(g.at('distilbert.embeddings.word_embeddings'), c.vocab_size, c.dim);
    let h = bertEmbeddings(g.at('distilbert.embeddings'), words.lookup(input_ids), {
      epsilon: EPSILON,
      places: c.max_position_embeddings,
      types: 0,
    }); // [batch, seq, dim]
    h = bertLayers(g.layers('distilbert.transformer.layer', c.n_layers), h, {
      heads: c.n_heads,
      hidden: c.hidden_dim,
      activation: c.activation,
      epsilon: EPSILON,
      mask: paddingMask(attention_mask),
      names: {
        query: 'attention.q_lin',
        key: 'attention.k_lin',
        value: 'attention.v_lin',
        output: 'attention.out_lin',
        attentionNorm: 'sa_layer_norm',
        up: 'ffn.lin1',
        down: 'ffn.lin2',
        mlpNorm: 'output_layer_norm',
      },
    });
    h = activation(c.activation)(linear(g.at('vocab_transform'), h, c.dim));
    h = layerNorm(g.at('vocab_layer_norm'), h, EPSILON);
    const head = g.at('vocab_projector');
    return {
      logits: c.tie_word_embeddings
        ? words.project(h, head.parameter('bias', [c.vocab_size]))
        : linear(head, h, c.vocab_size),
    }; // [batch, seq, vocab_size]
  },
});
