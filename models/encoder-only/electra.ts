// ELECTRA: BERT trained to tell which words a small generator replaced (the discriminator), or that generator, which
// predicts masked words. Word embeddings may be narrower than the layers.
// Clark et al. 2020, arXiv:2003.10555.

import { reshape } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, embeddingOptions } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { generatorHead } from '../blocks/word-head.js';
import { classes, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    architectures: classes('ElectraForPreTraining', 'ElectraForMaskedLM'),
    embedding_size: 128,
    hidden_size: 256,
    num_attention_heads: 4,
    intermediate_size: 1024,
  },
  [...bertIgnored, 'summary_type', 'summary_use_proj', 'summary_activation', 'summary_last_dropout'],
);

export default defineModel({
  family: 'electra',
  architectures: ['ElectraForPreTraining', 'ElectraForMaskedLM'],
  modelTypes: ['electra'],
  task: 'replaced-token-detection',
  config,
  variants: {
    electra: {
      checkpoint: 'google/electra-base-discriminator',
      parameters: 109_483_009,
      config: { embedding_size: 768, hidden_size: 768, num_attention_heads: 12, intermediate_size: 3072 },
    },
  },
  tiny: { ...bertTiny, embedding_size: 16 },
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const words = embedding(g.at('electra.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    let h = bertEmbeddings(g.at('electra.embeddings'), words.lookup(inputs.input_ids), embeddingOptions(c, inputs)); // [batch, seq, embedding_size]
    if (c.embedding_size !== c.hidden_size) h = linear(g.at('electra.embeddings_project'), h, c.hidden_size);
    h = bertEncoder(g.at('electra.encoder'), h, c, { mask: paddingMask(inputs.attention_mask) });
    if (c.architectures[0] === 'ElectraForPreTraining') {
      const head = g.at('discriminator_predictions');
      const features = activation(c.hidden_act)(linear(head.at('dense'), h, c.hidden_size));
      const scores = linear(head.at('dense_prediction'), features, 1);
      return { logits: reshape(scores, scores.shape.slice(0, -1)) }; // [batch, seq]
    }
    return { logits: generatorHead(g, h, words, c.tie_word_embeddings, c.layer_norm_eps) }; // [batch, seq, vocab_size]
  },
});
