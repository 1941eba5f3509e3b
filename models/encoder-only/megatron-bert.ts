// Megatron-BERT: BERT with the norm moved before each residual branch, which keeps large models stable.
// Shoeybi et al. 2019, arXiv:1909.08053.

import { bertFields, bertIgnored, bertInputs, bertTiny } from '../blocks/bert-config.js';
import { bertModel, headOptions } from '../blocks/bert-model.js';
import { layerNorm } from '../blocks/norm.js';
import { wordHead } from '../blocks/word-head.js';
import { defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    vocab_size: 29056,
    hidden_size: 1024,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    intermediate_size: 4096,
  },
  bertIgnored,
);

export default defineModel({
  family: 'megatron_bert',
  architectures: ['MegatronBertForMaskedLM'],
  modelTypes: ['megatron-bert'],
  task: 'fill-mask',
  config,
  variants: {
    megatron_bert: { checkpoint: 'nvidia/megatron-bert-uncased-345m', parameters: 333_671_808, config: {} },
  },
  tiny: bertTiny,
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    const { words, states } = bertModel(g.at('bert'), inputs, c, {
      embeddings: { epsilon: null },
      norm: 'pre',
      names: { attentionNorm: 'attention.ln', mlpNorm: 'ln' },
    }); // [batch, seq, hidden_size]
    const normal = layerNorm(g.at('bert.encoder.ln'), states, c.layer_norm_eps);
    return { logits: wordHead(g.at('cls.predictions'), normal, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});
