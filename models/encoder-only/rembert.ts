// RemBERT: BERT with narrow input embeddings, whose saved parameters go into wider layers and a wide output embedding of
// its own.
// Chung et al. 2020, arXiv:2010.12821.

import { activation } from '../blocks/activation.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, embeddingOptions } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const { tie_word_embeddings: _, ...fields } = coreFields;
const config = defineConfig(
  {
    ...fields,
    vocab_size: 250_300,
    input_embedding_size: 256,
    output_embedding_size: 1664,
    hidden_size: 1152,
    num_hidden_layers: 32,
    num_attention_heads: 18,
    intermediate_size: 4608,
  },
  [...bertIgnored, 'classifier_dropout_prob', 'tie_word_embeddings'], // its class never ties them
);

export default defineModel({
  family: 'rembert',
  architectures: ['RemBertForMaskedLM'],
  modelTypes: ['rembert'],
  task: 'fill-mask',
  config,
  variants: {
    rembert: { checkpoint: 'google/rembert', parameters: 993_263_548, config: {} },
  },
  tiny: { ...bertTiny, input_embedding_size: 16, output_embedding_size: 24 },
  preprocess: { text: 'SentencePiece unigram' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('rembert.embeddings.word_embeddings'), c.vocab_size, c.input_embedding_size);
    const embedded = bertEmbeddings(
      g.at('rembert.embeddings'),
      words.lookup(inputs.input_ids),
      embeddingOptions(c, inputs),
    ); // [batch, seq, input_embedding_size]
    const encoder = g.at('rembert.encoder');
    let h = linear(encoder.at('embedding_hidden_mapping_in'), embedded, c.hidden_size);
    h = bertEncoder(encoder, h, c, { mask: paddingMask(inputs.attention_mask) });
    const head = g.at('cls.predictions');
    h = activation(c.hidden_act)(linear(head.at('dense'), h, c.output_embedding_size));
    h = layerNorm(head.at('LayerNorm'), h, c.layer_norm_eps);
    return { logits: linear(head.at('decoder'), h, c.vocab_size) }; // [batch, seq, vocab_size]
  },
});
