// data2vec for text: RoBERTa's graph, trained to predict the hidden states of an averaged copy of itself.
// Baevski et al. 2022, arXiv:2202.03555.

import { bertIgnored } from '../blocks/bert-config.js';
import { robertaBase, robertaFields, robertaInputs, robertaMaskedWords, robertaTiny } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(robertaFields, bertIgnored);

export default defineModel({
  family: 'data2vec_text',
  architectures: ['Data2VecTextForMaskedLM'],
  modelTypes: ['data2vec-text'],
  task: 'fill-mask',
  config,
  variants: {
    data2vec_text: {
      checkpoint: 'facebook/data2vec-text-base',
      parameters: 124_697_433,
      config: { ...robertaBase, vocab_size: 50_265 },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'byte-level BPE' },
  inputs: robertaInputs,
  graph: robertaMaskedWords('data2vec_text'),
});
