// RoFormer: BERT with rotary positions: queries and keys (and values, if asked for) turn by angles that grow with the place.
// Su et al. 2021, arXiv:2104.09864.

import { slice, unsqueeze } from '../../src/graph/index.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { bertEncoder, headOptions } from '../blocks/bert-model.js';
import { steps } from '../blocks/cache.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { tabledSinusoids } from '../blocks/position.js';
import { turnPairs } from '../blocks/rope.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig, nullable } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    vocab_size: 50000,
    embedding_size: nullable<number>('number'), // null: hidden_size
    max_position_embeddings: 1536,
    rotary_value: false,
  },
  bertIgnored,
);

export default defineModel({
  family: 'roformer',
  architectures: ['RoFormerForMaskedLM'],
  modelTypes: ['roformer'],
  task: 'fill-mask',
  config,
  variants: {
    roformer: { checkpoint: 'junnyu/roformer_chinese_base', parameters: 124_197_968, config: {} },
  },
  tiny: { ...bertTiny, embedding_size: 16 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => {
    const { position_ids: _, ...inputs } = bertInputs(c);
    return inputs;
  },
  graph(g, { input_ids, attention_mask, token_type_ids }, c) {
    const narrow = c.embedding_size ?? c.hidden_size;
    const words = embedding(g.at('roformer.embeddings.word_embeddings'), c.vocab_size, narrow);
    let h = bertEmbeddings(g.at('roformer.embeddings'), words.lookup(input_ids), {
      epsilon: c.layer_norm_eps,
      places: 0,
      types: c.type_vocab_size,
      segments: token_type_ids,
    }); // [batch, seq, embedding_size]
    if (narrow !== c.hidden_size) h = linear(g.at('roformer.embeddings_project'), h, c.hidden_size);
    const encoder = g.at('roformer.encoder');
    const width = c.hidden_size / c.num_attention_heads;
    const at = steps(input_ids, attention_mask);
    const table = tabledSinusoids(c.max_position_embeddings, width)(encoder.at('embed_positions'), input_ids, at);
    const waves = unsqueeze(table, 1); // [1, 1, seq, width]
    const rotate = turnPairs({ sin: slice(waves, -1, 0, width / 2), cos: slice(waves, -1, width / 2) }, width);
    h = bertEncoder(encoder, h, c, { mask: paddingMask(attention_mask), rotate, rotateValues: c.rotary_value });
    return { logits: wordHead(g.at('cls.predictions'), h, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
