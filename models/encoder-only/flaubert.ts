// FlauBERT: XLM's encoder for French, in its large version with the norm before each residual branch.
// Le et al. 2019, arXiv:1912.05372.

import { xlmFields, xlmIgnored, xlmInputs, xlmTiny, xlmWithWords } from '../blocks/xlm.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig({ ...xlmFields, pre_norm: false }, xlmIgnored);

export default defineModel({
  family: 'flaubert',
  architectures: ['FlaubertWithLMHeadModel'],
  modelTypes: ['flaubert'],
  task: 'fill-mask',
  config,
  variants: {
    flaubert: {
      checkpoint: 'flaubert/flaubert_base_cased',
      parameters: 138_301_817,
      config: { vocab_size: 68_729, emb_dim: 768, n_heads: 12 },
    },
  },
  tiny: { ...xlmTiny, pre_norm: true },
  preprocess: { text: 'BPE' },
  inputs: xlmInputs,
  graph: (g, inputs, c) => ({ logits: xlmWithWords(g, inputs, c) }), // [batch, seq, vocab_size]
});
