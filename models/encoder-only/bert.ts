// BERT: a post-norm bidirectional encoder with learned positions and segment embeddings, and a masked-word head.
// Devlin et al. 2018, arXiv:1810.04805. Distances in place of positions: Huang et al. 2020, arXiv:2009.13658.

import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(bertFields, bertIgnored);
const base = { checkpoint: 'google-bert/bert-base-uncased', parameters: 109_514_298, config: {} };

export default defineModel({
  family: 'bert',
  architectures: ['BertForMaskedLM'],
  modelTypes: ['bert'],
  task: 'fill-mask',
  config,
  variants: {
    bert: base,
    bert_base_uncased: { ...base, aliasOf: 'bert' },
    bert_copy: { ...base, aliasOf: 'bert' },
    bert_minimal: { ...base, aliasOf: 'bert' },
  },
  tiny: bertTiny,
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { words, states } = bertModel(g.at('bert'), inputs, c); // [batch, seq, hidden_size]
    return { logits: wordHead(g.at('cls.predictions'), states, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
