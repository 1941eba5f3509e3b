// LayoutLM: BERT for scanned documents; each word also embeds the corners, the height and the width of its box on the page.
// Xu et al. 2019, arXiv:1912.13318.

import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { boxEmbeddings } from '../blocks/box-embedding.js';
import { unusedPooler, wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { constant, defineModel } from '../define.js';

const config = defineConfig({ ...coreFields, max_2d_position_embeddings: 1024 }, bertIgnored);

export default defineModel({
  family: 'layoutlm',
  architectures: ['LayoutLMForMaskedLM'],
  modelTypes: ['layoutlm'],
  task: 'fill-mask',
  config,
  variants: {
    layoutlm: { checkpoint: 'microsoft/layoutlm-base-uncased', parameters: 113_250_618, config: {} },
  },
  tiny: { ...bertTiny, max_2d_position_embeddings: 64 },
  preprocess: { text: 'WordPiece' },
  inputs: (c) => ({ ...bertInputs(c), bbox: constant(0, 'batch', 'seq', 4) }),
  graph(g, { bbox, ...inputs }, c) {
    const scope = g.at('layoutlm.embeddings');
    const box = boxEmbeddings(scope, bbox, c.max_2d_position_embeddings, c.hidden_size);
    const { words, states } = bertModel(g.at('layoutlm'), inputs, c, {}, box); // [batch, seq, hidden_size]
    unusedPooler(g.at('layoutlm.pooler'), c.hidden_size);
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
