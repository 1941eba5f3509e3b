// Falcon Mamba: Mamba with norms (without weights) of the time step and of what goes into the states and is read from them.
// Zuo et al. 2024, arXiv:2410.05355.

import type { Tensor } from '../../src/graph/index.js';
import { MAMBA_KEYS } from '../blocks/mamba.js';
import { mambaFields, mambaInputs, mambaWords } from '../blocks/mamba-words.js';
import { rmsNorm } from '../blocks/norm.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...mambaFields, mixer_rms_eps: 1e-6 }, [
  ...MAMBA_KEYS,
  'use_falcon_mambapy',
  'use_mambapy',
]);

export default defineModel({
  family: 'falcon_mamba',
  architectures: ['FalconMambaForCausalLM'],
  modelTypes: ['falcon_mamba'],
  task: 'text-generation',
  config,
  variants: {
    falcon_mamba: {
      checkpoint: 'tiiuae/falcon-mamba-7b',
      parameters: 7_272_665_088,
      config: { vocab_size: 65_024, hidden_size: 4096, num_hidden_layers: 64, tie_word_embeddings: false },
    },
  },
  tiny: { vocab_size: 99, hidden_size: 32, state_size: 8, num_hidden_layers: 2, time_step_rank: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: mambaInputs,
  graph(g, inputs, c) {
    const norm = (x: Tensor): Tensor => rmsNorm(g.at(''), x, c.mixer_rms_eps, { scaled: false });
    return mambaWords(g, inputs, c, { step: norm, into: norm, from: norm }); // [batch, seq, vocab_size]
  },
});
