// Mamba: no attention; layers whose small states decay and take in what the input itself chooses, at a cost linear in the length.
// Gu and Dao 2023, arXiv:2312.00752.

import { MAMBA_KEYS } from '../blocks/mamba.js';
import { mambaFields, mambaInputs, mambaWords } from '../blocks/mamba-words.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(mambaFields, [...MAMBA_KEYS, 'use_mambapy']);

export default defineModel({
  family: 'mamba',
  architectures: ['MambaForCausalLM'],
  modelTypes: ['mamba'],
  task: 'text-generation',
  config,
  variants: {
    mamba: {
      checkpoint: 'state-spaces/mamba-130m-hf',
      parameters: 129_135_360,
      config: { num_hidden_layers: 24 },
    },
  },
  tiny: { vocab_size: 99, hidden_size: 32, state_size: 8, num_hidden_layers: 2, time_step_rank: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: mambaInputs,
  graph: (g, inputs, c) => mambaWords(g, inputs, c), // [batch, seq, vocab_size]
});
