// MPNet: BERT's encoder trained on permuted and masked words, with one table of biases for bucketed distances that every
// layer adds to its attention scores.
// Song et al. 2020, arXiv:2004.09297.

import { add } from '../../src/graph/index.js';
import { bertIgnored, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings, placesOfWords } from '../blocks/bert-embedding.js';
import { bertEncoder } from '../blocks/bert-model.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { bucketBias } from '../blocks/relative-position.js';
import { robertaHead } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { constant, defineModel, mask, optional, tokens } from '../define.js';

const { type_vocab_size: _, ...fields } = coreFields;
const config = defineConfig({ ...fields, vocab_size: 30527, relative_attention_num_buckets: 32 }, bertIgnored);

const PADDING = 1; // whatever pad_token_id says
const BUCKETS = { count: 32, far: 128 }; // whatever relative_attention_num_buckets says: that is the size of the table

export default defineModel({
  family: 'mpnet',
  architectures: ['MPNetForMaskedLM'],
  modelTypes: ['mpnet'],
  task: 'fill-mask',
  config,
  variants: {
    mpnet: {
      checkpoint: 'microsoft/mpnet-base',
      parameters: 109_518_527,
      config: { max_position_embeddings: 514, layer_norm_eps: 1e-5 },
    },
  },
  tiny: { ...bertTiny, vocab_size: 61 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({
    input_ids: tokens(c.vocab_size, 'batch', 'seq'),
    attention_mask: mask('batch', 'seq'),
    position_ids: optional(constant(0, 'batch', 'seq')),
  }),
  graph(g, { input_ids, attention_mask, position_ids }, c) {
    const words = embedding(g.at('mpnet.embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    const embedded = bertEmbeddings(g.at('mpnet.embeddings'), words.lookup(input_ids), {
      epsilon: c.layer_norm_eps,
      places: c.max_position_embeddings,
      positions: position_ids ?? placesOfWords(input_ids, PADDING, c.max_position_embeddings),
      types: 0,
    }); // [batch, seq, hidden_size]
    const encoder = g.at('mpnet.encoder');
    const bias = bucketBias(encoder.at('relative_attention_bias'), input_ids.dim(1), c.num_attention_heads, {
      rows: c.relative_attention_num_buckets,
      ...BUCKETS,
    });
    const padding = paddingMask(attention_mask);
    const states = bertEncoder(encoder, embedded, c, {
      mask: padding ? add(bias, padding) : bias,
      names: {
        query: 'attention.attn.q',
        key: 'attention.attn.k',
        value: 'attention.attn.v',
        output: 'attention.attn.o',
        attentionNorm: 'attention.LayerNorm',
      },
    });
    return { logits: robertaHead(g, states, words, c) }; // [batch, seq, vocab_size]
  },
});
