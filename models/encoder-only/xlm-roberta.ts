// XLM-RoBERTa: RoBERTa for a hundred languages, told apart by nothing but their words.
// Conneau et al. 2019, arXiv:1911.02116.

import { bertIgnored } from '../blocks/bert-config.js';
import { robertaBase, robertaFields, robertaInputs, robertaMaskedWords, robertaTiny } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(robertaFields, bertIgnored);

export default defineModel({
  family: 'xlm_roberta',
  architectures: ['XLMRobertaForMaskedLM'],
  modelTypes: ['xlm-roberta'],
  task: 'fill-mask',
  config,
  variants: {
    xlm_roberta: {
      checkpoint: 'FacebookAI/xlm-roberta-base',
      parameters: 278_295_186,
      config: { ...robertaBase, vocab_size: 250_002 },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'SentencePiece unigram' },
  inputs: robertaInputs,
  graph: robertaMaskedWords('roberta'),
});
