// RoBERTa: BERT trained longer on more text, without segments; places are counted from the words that are no padding.
// Liu et al. 2019, arXiv:1907.11692. DistilRoBERTa: Sanh et al. 2019, arXiv:1910.01108.

import { bertIgnored } from '../blocks/bert-config.js';
import { robertaBase, robertaFields, robertaInputs, robertaMaskedWords, robertaTiny } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...robertaFields, vocab_size: 50265 }, bertIgnored);

export default defineModel({
  family: 'roberta',
  architectures: ['RobertaForMaskedLM'],
  modelTypes: ['roberta'],
  task: 'fill-mask',
  config,
  variants: {
    roberta: { checkpoint: 'FacebookAI/roberta-base', parameters: 124_697_433, config: robertaBase },
    distilroberta_base: {
      checkpoint: 'distilbert/distilroberta-base',
      parameters: 82_170_201,
      config: { ...robertaBase, num_hidden_layers: 6 },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'byte-level BPE' },
  inputs: robertaInputs,
  graph: robertaMaskedWords('roberta'),
});
