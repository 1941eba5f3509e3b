// CamemBERT: RoBERTa for French, with a SentencePiece vocabulary.
// Martin et al. 2019, arXiv:1911.03894.

import { bertIgnored } from '../blocks/bert-config.js';
import { robertaBase, robertaFields, robertaInputs, robertaMaskedWords, robertaTiny } from '../blocks/roberta.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(robertaFields, bertIgnored);

export default defineModel({
  family: 'camembert',
  architectures: ['CamembertForMaskedLM'],
  modelTypes: ['camembert'],
  task: 'fill-mask',
  config,
  variants: {
    camembert: {
      checkpoint: 'almanach/camembert-base',
      parameters: 110_655_493,
      config: { ...robertaBase, vocab_size: 32_005 },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'SentencePiece unigram' },
  inputs: robertaInputs,
  graph: robertaMaskedWords('roberta'),
});
