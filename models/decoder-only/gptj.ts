// GPT-J: attention and MLP side by side behind one norm, interleaved rotary pairs on the first features of each head.
// Wang and Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model".

import { attention } from '../blocks/attention.js';
import { decoderInputs } from '../blocks/cache.js';
import { gptjConfig, gptjWords } from '../blocks/gptj.js';
import { defineModel } from '../define.js';

export default defineModel({
  family: 'gptj',
  architectures: ['GPTJForCausalLM'],
  modelTypes: ['gptj'],
  task: 'text-generation',
  config: gptjConfig,
  variants: { gptj: { checkpoint: 'EleutherAI/gpt-j-6b', parameters: 6_050_882_784, config: {} } },
  tiny: { vocab_size: 99, n_embd: 32, n_layer: 2, n_head: 4, rotary_dim: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph: (g, inputs, c) =>
    gptjWords(g, inputs, c, (own, x, options) => {
      const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
      return attention(own, x, { heads: c.n_head, bias: false, names, ...options });
    }),
});
