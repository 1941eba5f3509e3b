// M2M-100: a pre-norm translation model between any two of a hundred languages; sinusoidal positions counted over what is no
// padding. NLLB's dense checkpoints are this graph too.
// Fan et al. 2020, arXiv:2010.11125.

import { BART_IGNORED, BART_KEYS, BART_TINY, bartModel } from '../blocks/bart.js';
import { encoderDecoderInputs } from '../blocks/cache.js';
import { countedSinusoids } from '../blocks/position.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...BART_KEYS,
    vocab_size: 128_112,
    activation_function: 'relu',
    scale_embedding: true,
    pad_token_id: 1,
  },
  BART_IGNORED,
);

export default defineModel({
  family: 'm2m_100',
  architectures: ['M2M100ForConditionalGeneration'],
  modelTypes: ['m2m_100'],
  task: 'translation',
  config,
  variants: {
    m2m_100: { checkpoint: 'facebook/m2m100_418M', parameters: 483_905_536, config: {} },
  },
  tiny: BART_TINY,
  sizes: { decoder_seq: 32 },
  preprocess: { text: 'SentencePiece BPE' },
  forms: ['encode', 'cached'],
  inputs: (c, form) => encoderDecoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    bartModel(g, inputs, c, {
      norm: 'pre',
      positions: countedSinusoids(c.d_model, c.pad_token_id),
      logitsBias: false,
    }),
});
