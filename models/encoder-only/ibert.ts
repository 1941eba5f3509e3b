// I-BERT: RoBERTa made for integer-only arithmetic. Outside its quantised mode (quant_mode, which also needs the scales kept
// in the checkpoint) it computes RoBERTa in real numbers: that form is built here.
// Kim et al. 2021, arXiv:2101.01321.

import { robertaBase, robertaFields, robertaInputs, robertaMaskedWords, robertaTiny } from '../blocks/roberta.js';
import { defineConfig, oneOf } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...robertaFields,
    hidden_act: oneOf('gelu'),
    position_embedding_type: oneOf('absolute'),
    quant_mode: oneOf(false),
  },
  ['force_dequant'], // of the quantised mode
);

export default defineModel({
  family: 'ibert',
  architectures: ['IBertForMaskedLM'],
  modelTypes: ['ibert'],
  task: 'fill-mask',
  config,
  variants: {
    ibert: {
      checkpoint: 'kssteven/ibert-roberta-base',
      parameters: 124_697_433,
      config: { ...robertaBase, vocab_size: 50_265 },
    },
  },
  tiny: robertaTiny,
  preprocess: { text: 'byte-level BPE' },
  inputs: robertaInputs,
  graph: robertaMaskedWords('ibert'),
});
