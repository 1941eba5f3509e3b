// CodeGen: GPT-J's layers with one projection that holds queries, values and keys of a quarter of the heads at a time (the
// slices of four TPU cores). Nijkamp et al. 2022, arXiv:2203.13474.

import { UsageError } from '../../src/util/error.js';
import { attendHeads, splitGroups } from '../blocks/attention.js';
import { decoderInputs } from '../blocks/cache.js';
import { gptjConfig, gptjWords } from '../blocks/gptj.js';
import { linear } from '../blocks/linear.js';
import { defineModel } from '../define.js';

const SLICES = 4;

export default defineModel({
  family: 'codegen',
  architectures: ['CodeGenForCausalLM'],
  modelTypes: ['codegen'],
  task: 'text-generation',
  config: gptjConfig,
  variants: {
    codegen: {
      checkpoint: 'Salesforce/codegen-350M-mono',
      parameters: 356_712_448,
      config: { vocab_size: 51_200, n_embd: 1024, n_layer: 20, rotary_dim: 32 },
    },
  },
  tiny: { vocab_size: 99, n_embd: 32, n_layer: 2, n_head: 4, rotary_dim: 4 },
  preprocess: { text: 'byte-level BPE' },
  forms: ['cached'],
  inputs: (c, form) => decoderInputs(c.vocab_size, form),
  graph(g, inputs, c) {
    if (c.n_head % SLICES !== 0)
      throw new UsageError(`codegen.n_head: expected a multiple of ${SLICES}, got ${c.n_head}`);
    const part = c.n_head / SLICES;
    return gptjWords(g, inputs, c, (own, x, options) => {
      const fused = linear(own.at('qkv_proj'), x, 3 * c.n_embd, { bias: false });
      const [q, v, k] = splitGroups(fused, SLICES, [part, part, part]);
      return linear(own.at('out_proj'), attendHeads(q, k, v, options), c.n_embd, { bias: false });
    });
  },
});
