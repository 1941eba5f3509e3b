// ELECTRA: BERT trained to tell which words a small generator replaced (the discriminator), or that generator, which
// predicts masked words. Word embeddings may be narrower than the layers.
// Clark et al. 2020, arXiv:2003.10555.

import { reshape } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
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
  graph(g, { input_ids, attention_mask, token_type_ids, position_ids }, c) {
    const words = embedding(g.at('electra.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    let h = bertEmbeddings(g.at('electra.embeddings'), words.lookup(input_ids), {
      epsilon: c.layer_norm_eps,
      places: c.position_embedding_type === 'absolute' ? c.max_position_embeddings : 0,
      positions: position_ids,
      types: c.type_vocab_size,
      segments: token_type_ids,
    }); // [batch, seq, embedding_size]
    if (c.embedding_size !== c.hidden_size) h = linear(g.at('electra.embeddings_project'), h, c.hidden_size);
    h = bertEncoder(g.at('electra.encoder'), h, c, { mask: paddingMask(attention_mask) });
    if (c.architectures[0] === 'ElectraForPreTraining') {
      const head = g.at('discriminator_predictions');
      const features = activation(c.hidden_act)(linear(head.at('dense'), h, c.hidden_size));
      const scores = linear(head.at('dense_prediction'), features, 1);
      return { logits: reshape(scores, scores.shape.slice(0, -1)) }; // [batch, seq]
    }
    const head = g.at('generator_predictions');
    const features = activation('gelu')(linear(head.at('dense'), h, c.embedding_size));
    const normal = layerNorm(head.at('LayerNorm'), features, c.layer_norm_eps);
    const decoder = g.at('generator_lm_head');
    return {
      logits: c.tie_word_embeddings
        ? words.project(normal, decoder.parameter('bias', [c.vocab_size]))
        : linear(decoder, normal, c.vocab_size),
    }; // [batch, seq, vocab_size]
  },
});
