// XLM: one encoder for many languages, with an embedding of the language beside each word.
// Conneau and Lample 2019, arXiv:1901.07291.

import { xlmFields, xlmIgnored, xlmInputs, xlmTiny, xlmWithWords } from '../blocks/xlm.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(xlmFields, xlmIgnored);

export default defineModel({
  family: 'xlm',
  architectures: ['XLMWithLMHeadModel'],
  modelTypes: ['xlm'],
  task: 'fill-mask',
  config,
  variants: {
    xlm: { checkpoint: 'FacebookAI/xlm-mlm-en-2048', parameters: 667_119_041, config: {} },
  },
  tiny: { ...xlmTiny, n_langs: 3 },
  preprocess: { text: 'BPE' },
  inputs: xlmInputs,
  graph: (g, inputs, c) => ({ logits: xlmWithWords(g, inputs, c) }), // [batch, seq, vocab_size]
});
